import { expect, test } from 'vitest'
import { SweptMap } from '../../../src/limits/swept-map.js'

test('what is spent is dropped, what is not is kept, and the size stays within twice of that', () => {
  const map = new SweptMap<number>((value) => value >= 10)
  for (let i = 0; i < 100_000; i += 1) map.set(`${i}`, i)
  expect(map.size).toBeLessThanOrEqual(1_024)
  for (let i = 0; i < 10; i += 1) expect(map.get(`${i}`)).toBe(i)
})

test('a map of which nothing is spent grows', () => {
  const map = new SweptMap<number>(() => false)
  for (let i = 0; i < 5_000; i += 1) map.set(`${i}`, i)
  map.delete('0')
  expect(map.size).toBe(4_999)
})
