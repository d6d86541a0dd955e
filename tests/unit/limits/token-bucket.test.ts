import { expect, test } from 'vitest'
import { TokenBucket } from '../../../src/limits/token-bucket.js'

test('lets through a second of its rate at once, then as many as time brings', () => {
  const bucket = new TokenBucket(2, 0)
  expect([0, 0, 0, 499, 500, 500].map((nowMs) => bucket.take(nowMs))).toEqual([1, 1, 0, 0, 1, 0])
})

test('never holds more than a second of its rate', () => {
  const bucket = new TokenBucket(1, 0)
  expect([60_000, 60_000].map((nowMs) => bucket.take(nowMs))).toEqual([1, 0])
})

test('gives as many as there are', () => {
  const bucket = new TokenBucket(10, 0)
  expect([bucket.take(0, 7), bucket.take(0, 7), bucket.take(0, 7), bucket.take(250, 7)]).toEqual([7, 3, 0, 2])
})

test('a rate below one a second is still a rate', () => {
  const bucket = new TokenBucket(0.5, 0)
  expect([0, 1_000, 2_000].map((nowMs) => bucket.take(nowMs))).toEqual([1, 0, 1])
})

test('a clock that goes back takes nothing away', () => {
  const bucket = new TokenBucket(1, 1_000)
  expect([1_000, 0, 1_000].map((nowMs) => bucket.take(nowMs))).toEqual([1, 0, 1])
})

test('says how long it is empty', () => {
  const bucket = new TokenBucket(4, 0)
  expect(bucket.waitMs).toBe(0)
  bucket.take(0, 4)
  expect(bucket.waitMs).toBe(250)
  bucket.take(100)
  expect(bucket.waitMs).toBe(150)
})

test('is full when a new one would be the same', () => {
  const bucket = new TokenBucket(2, 0)
  expect(bucket.isFull(0)).toBe(true)
  bucket.take(0)
  expect([bucket.isFull(499), bucket.isFull(500)]).toEqual([false, true])
})
