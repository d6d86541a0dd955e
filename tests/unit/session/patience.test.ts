import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Patience } from '../../../src/session/patience.js'

let ends: number
let patience: Patience

beforeEach(() => {
  vi.useFakeTimers()
  ends = 0
  patience = new Patience(() => {
    ends += 1
  })
})
afterEach(() => {
  vi.useRealTimers()
})

test('ends a wait that lasts', () => {
  patience.begin(100)
  vi.advanceTimersByTime(99)
  // one that has begun isn't begun anew
  patience.begin(100)
  expect(ends).toBe(0)
  vi.advanceTimersByTime(1)
  expect(ends).toBe(1)
})

test('begins anew with every movement', () => {
  patience.begin(100)
  vi.advanceTimersByTime(99)
  patience.moved()
  vi.advanceTimersByTime(99)
  expect(ends).toBe(0)
})

test('ends nothing without a wait', () => {
  patience.moved()
  patience.begin(0)
  patience.begin(100)
  patience.end()
  vi.advanceTimersByTime(1_000)
  expect(ends).toBe(0)
})
