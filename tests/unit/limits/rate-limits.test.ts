import { expect, test } from 'vitest'
import { RateLimits } from '../../../src/limits/rate-limits.js'

test('tenants have their own rates, and 0 is none', () => {
  const limits = new RateLimits()
  expect(limits.take('a', 1, 0)).toBe(true)
  expect(limits.take('a', 1, 0)).toBe(false)
  expect(limits.take('b', 1, 0)).toBe(true)
  expect(limits.take('a', 0, 0)).toBe(true)
})

test('a new rate is in force at once', () => {
  const limits = new RateLimits()
  limits.take('a', 1, 0)
  expect(limits.take('a', 5, 0)).toBe(true)
  expect(limits.take('a', 1, 0)).toBe(true)
  expect(limits.take('a', 1, 0)).toBe(false)
})
