import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PriorityQueue } from '../../../src/limits/priority-queue.js'

test('the first is the least of those that are in, whatever is placed, changed and taken out', () => {
  const step = fc.record({ member: fc.nat(9), key: fc.nat(5), leaves: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new PriorityQueue<{ key: number; order: number; place: number }>()
      const members = Array.from({ length: 10 }, (_, order) => ({ key: 0, order, place: -1 }))
      for (const { member: index, key, leaves } of steps) {
        const member = members[index]
        if (member === undefined) continue
        if (leaves) queue.delete(member)
        else {
          member.key = key
          queue.place(member)
        }
        const present = members.filter(({ place }) => place >= 0)
        const [least] = present.sort((one, other) => one.key - other.key || one.order - other.order)
        expect(queue.first).toBe(least)
      }
    }),
  )
})
