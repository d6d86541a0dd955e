import { expect, test } from 'vitest'
import { Occupancy } from '../../../src/limits/occupancy.js'

test('takes in as many as the limit says, by key', () => {
  const occupancy = new Occupancy()
  expect([occupancy.enter('a', 2), occupancy.enter('a', 2), occupancy.enter('a', 2)]).toEqual([
    true,
    true,
    false,
  ])
  expect(occupancy.enter('b', 1)).toBe(true)
  occupancy.leave('a')
  expect(occupancy.enter('a', 2)).toBe(true)
  expect(occupancy.of('a')).toBe(2)
})

test('0 is no limit, and a lowered limit counts for those who come', () => {
  const occupancy = new Occupancy()
  for (let i = 0; i < 5; i += 1) expect(occupancy.enter('a', 0)).toBe(true)
  expect(occupancy.enter('a', 3)).toBe(false)
})

test('whoever leaves without having been there makes no room', () => {
  const occupancy = new Occupancy()
  occupancy.leave('a')
  expect([occupancy.enter('a', 1), occupancy.enter('a', 1)]).toEqual([true, false])
})
