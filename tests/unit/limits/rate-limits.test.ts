import { beforeEach, expect, test } from 'vitest'
import { RateLimits } from '../../../src/limits/rate-limits.js'

let nowMs: number
let limits: RateLimits

beforeEach(() => {
  nowMs = 0
  limits = new RateLimits(() => nowMs)
})

test('accounts have their own rates, and are told when to come again', () => {
  expect(limits.take('a', 1, 1)).toEqual({ granted: 1, waitMs: 0 })
  expect(limits.take('a', 1, 1)).toEqual({ granted: 0, waitMs: 1_000 })
  nowMs = 250
  expect(limits.take('a', 1, 1)).toEqual({ granted: 0, waitMs: 750 })
  expect(limits.take('b', 1, 1)).toEqual({ granted: 1, waitMs: 0 })
})

test('who wants several gets what there is', () => {
  expect([2, 2, 2].map((wanted) => limits.take('a', 3, wanted).granted)).toEqual([2, 1, 0])
})

test('a new rate is in force at once', () => {
  limits.take('a', 1, 1)
  expect([5, 1, 1].map((perSecond) => limits.take('a', perSecond, 1).granted)).toEqual([1, 1, 0])
})

test('an account that has no limit for a while begins anew', () => {
  limits.take('a', 1, 1)
  limits.forget('a')
  expect(limits.take('a', 1, 1).granted).toBe(1)
})
