import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type TimedSession, TimeLimits } from '../../../../src/session/operator/time-limits.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function limited(idleTimeoutMs: number, lifetimeMs: number) {
  const ended: string[] = []
  const session: { isWaiting: boolean; expire: TimedSession['expire'] } = {
    isWaiting: true,
    expire: (reason) => ended.push(reason),
  }
  return { session, ended, limits: new TimeLimits({ idleTimeoutMs, lifetimeMs }, session) }
}

test('a session that says nothing ends, and one that says something waits anew', () => {
  const { limits, ended } = limited(100, 0)
  vi.advanceTimersByTime(90)
  limits.touch()
  vi.advanceTimersByTime(90)
  expect(ended).toEqual([])
  vi.advanceTimersByTime(20)
  expect(ended).toEqual(['IDLE_TIMEOUT'])
})

test('a session whose statement runs is not idle', () => {
  const { session, ended } = limited(100, 0)
  session.isWaiting = false
  vi.advanceTimersByTime(250)
  expect(ended).toEqual([])
  session.isWaiting = true
  vi.advanceTimersByTime(100)
  expect(ended).toEqual(['IDLE_TIMEOUT'])
})

test('a lifetime ends, whatever happens in it', () => {
  const { limits, ended } = limited(0, 100)
  vi.advanceTimersByTime(60)
  limits.touch()
  vi.advanceTimersByTime(60)
  expect(ended).toEqual(['SESSION_EXPIRED'])
})

test('no limit is no timer, and nothing happens to a session that is over', () => {
  expect([limited(0, 0), vi.getTimerCount()].at(1)).toBe(0)
  const { limits, ended } = limited(100, 100)
  limits.stop()
  vi.advanceTimersByTime(1_000)
  expect(ended).toEqual([])
})
