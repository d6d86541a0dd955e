import { expect, test } from 'vitest'
import { Throttle } from '../../../src/auth/throttle.js'

class ManualClock {
  ms = 1_000
  now = () => this.ms
  monotonicMs = () => this.ms
}

function throttle(maxEntries = 100) {
  const clock = new ManualClock()
  const options = { clock, freeFailures: 2, firstDelayMs: 100, maxDelayMs: 1_000, maxEntries }
  return { clock, throttle: new Throttle(options) }
}

function fail(target: Throttle, times: number): void {
  for (let time = 0; time < times; time++) target.failed('alice', '10.0.0.1')
}

test('the first mistakes cost nothing', () => {
  const { throttle: target } = throttle()
  fail(target, 2)
  expect(target.waitMs('alice', '10.0.0.1')).toBe(0)
})

test('each further failure doubles the delay, up to the longest', () => {
  const { throttle: target } = throttle()
  fail(target, 2)
  const delays = [1, 2, 3, 4, 5, 6].map(() => {
    target.failed('alice', '10.0.0.1')
    return target.waitMs('alice', '10.0.0.1')
  })
  expect(delays).toEqual([100, 200, 400, 800, 1_000, 1_000])
})

test('a delay passes with time', () => {
  const { clock, throttle: target } = throttle()
  fail(target, 3)
  clock.ms += 60
  expect(target.waitMs('alice', '10.0.0.1')).toBe(40)
  clock.ms += 60
  expect(target.waitMs('alice', '10.0.0.1')).toBe(0)
})

test('other addresses and other logins do not wait', () => {
  const { throttle: target } = throttle()
  fail(target, 9)
  expect(target.waitMs('alice', '10.0.0.2')).toBe(0)
  expect(target.waitMs('bob', '10.0.0.1')).toBe(0)
})

test('success forgets the failures', () => {
  const { throttle: target } = throttle()
  fail(target, 9)
  target.succeeded('alice', '10.0.0.1')
  expect(target.waitMs('alice', '10.0.0.1')).toBe(0)
  fail(target, 2)
  expect(target.waitMs('alice', '10.0.0.1')).toBe(0)
})

test('failures are forgotten after twice the longest delay', () => {
  const { clock, throttle: target } = throttle()
  fail(target, 9)
  clock.ms += 2_001
  target.failed('alice', '10.0.0.1')
  expect(target.waitMs('alice', '10.0.0.1')).toBe(0)
})

test('memory is bounded: what failed longest ago goes first', () => {
  const { throttle: target } = throttle(3)
  fail(target, 9)
  for (const login of ['b', 'c']) target.failed(login, '10.0.0.1')
  target.failed('alice', '10.0.0.1')
  for (const login of ['d', 'e']) target.failed(login, '10.0.0.1')
  expect(target.size).toBe(3)
  expect(target.waitMs('alice', '10.0.0.1')).toBe(1_000)
})

test('what is over leaves the memory with the next failure', () => {
  const { clock, throttle: target } = throttle()
  for (const login of ['b', 'c', 'd']) target.failed(login, '10.0.0.1')
  clock.ms += 5_000
  target.failed('e', '10.0.0.1')
  expect(target.size).toBe(1)
})
