import { expect, test } from 'vitest'
import { FairQueue } from '../../../src/compiling/fair-queue.js'

function drained(queue: FairQueue<string>): readonly string[] {
  const entries: string[] = []
  for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) entries.push(entry)
  return entries
}

function filled(...entries: readonly string[]): FairQueue<string> {
  const queue = new FairQueue<string>()
  for (const entry of entries) queue.push(entry.charAt(0), entry)
  return queue
}

test('one who has many entries keeps nobody waiting', () => {
  expect(drained(filled('a1', 'a2', 'a3', 'b1', 'c1', 'b2'))).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
})

test('who comes back has to wait for his turn', () => {
  const queue = filled('a1', 'b1')
  expect(queue.shift()).toBe('a1')
  queue.push('a', 'a2')
  expect(drained(queue)).toEqual(['b1', 'a2'])
})

test('an entry that is withdrawn is skipped, and one that is not there does no harm', () => {
  const queue = filled('a1', 'b1', 'b2')
  queue.delete('b', 'b1')
  queue.delete('c', 'c1')
  queue.delete('a', 'a1')
  expect([queue.countOf('a'), queue.countOf('b'), queue.countOf('c')]).toEqual([0, 1, 0])
  expect(drained(queue)).toEqual(['b2'])
})
