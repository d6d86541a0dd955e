import { expect, test } from 'vitest'
import { RateLimits } from '../../../src/limits/rate-limits.js'

const ONE = { nowMs: 0, wanted: 1 }

test('accounts have their own rates, and are told when to come again', () => {
  const limits = new RateLimits()
  expect(limits.take('a', 1, ONE)).toEqual({ granted: 1, waitMs: 0 })
  expect(limits.take('a', 1, ONE)).toEqual({ granted: 0, waitMs: 1_000 })
  expect(limits.take('a', 1, { nowMs: 250, wanted: 1 })).toEqual({ granted: 0, waitMs: 750 })
  expect(limits.take('b', 1, ONE)).toEqual({ granted: 1, waitMs: 0 })
})

test('who wants several gets what there is', () => {
  const limits = new RateLimits()
  expect(limits.take('a', 3, { nowMs: 0, wanted: 2 }).granted).toBe(2)
  expect(limits.take('a', 3, { nowMs: 0, wanted: 2 }).granted).toBe(1)
  expect(limits.take('a', 3, { nowMs: 0, wanted: 2 }).granted).toBe(0)
})

test('a new rate is in force at once', () => {
  const limits = new RateLimits()
  limits.take('a', 1, ONE)
  expect(limits.take('a', 5, ONE).granted).toBe(1)
  expect(limits.take('a', 1, ONE).granted).toBe(1)
  expect(limits.take('a', 1, ONE).granted).toBe(0)
})

test('an account that has no limit for a while begins anew', () => {
  const limits = new RateLimits()
  limits.take('a', 1, ONE)
  limits.forget('a')
  expect(limits.take('a', 1, ONE).granted).toBe(1)
})
