import { expect, test } from 'vitest'
import { TokenBucket } from '../../../src/limits/token-bucket.js'

test('lets through a second of its rate at once, then as many as time brings', () => {
  const bucket = new TokenBucket(2, 0)
  expect([0, 0, 0, 499, 500, 500].map((nowMs) => bucket.take(nowMs))).toEqual([
    true,
    true,
    false,
    false,
    true,
    false,
  ])
})

test('never holds more than a second of its rate', () => {
  const bucket = new TokenBucket(1, 0)
  expect([60_000, 60_000].map((nowMs) => bucket.take(nowMs))).toEqual([true, false])
})

test('a rate below one a second is still a rate', () => {
  const bucket = new TokenBucket(0.5, 0)
  expect([0, 1_000, 2_000].map((nowMs) => bucket.take(nowMs))).toEqual([true, false, true])
})

test('a clock that goes back takes nothing away', () => {
  const bucket = new TokenBucket(1, 1_000)
  expect([1_000, 0, 1_000].map((nowMs) => bucket.take(nowMs))).toEqual([true, false, true])
})
