import { expect, test } from 'vitest'
import { parseLatencies } from '../../../src/bench/pgbench.js'
import { parseStat } from '../../../src/bench/processor-time.js'
import { median, percentile } from '../../../src/bench/statistics.js'

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[7], 7],
  [[], Number.NaN],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected)
})

test('a percentile is one of the values', () => {
  const sorted = Float64Array.from({ length: 100 }, (_, index) => index + 1)
  expect(percentile(sorted, 0.5)).toBe(51)
  expect(percentile(sorted, 0.99)).toBe(100)
  expect(percentile(sorted, 1)).toBe(100)
  expect(percentile(new Float64Array(0), 0.5)).toBeNaN()
})

test('latencies are read from pgbench’s log and sorted, failed transactions left out', () => {
  const log =
    '0 1 310 0 1700000000 1\n1 1 95 0 1700000000 2\n0 2 failed 0 1700000000 3\n1 2 1200 0 1700000000 4\n'
  expect([...parseLatencies(log)]).toEqual([95, 310, 1200])
})

test('processor time is found behind a name with blanks and parentheses', () => {
  expect(parseStat('42 (a) b) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 11 0 1 2 3')).toBe(3_000_000)
})
