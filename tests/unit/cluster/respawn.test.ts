import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Respawn } from '../../../src/cluster/respawn.js'

let nowMs = 0
let spawned = 0
let respawn: Respawn

beforeEach(() => {
  vi.useFakeTimers()
  nowMs = 0
  spawned = 0
  respawn = new Respawn({ now: () => 0, monotonicMs: () => nowMs }, () => {
    spawned += 1
  })
})
afterEach(() => void vi.useRealTimers())

function pass(ms: number): void {
  nowMs += ms
  vi.advanceTimersByTime(ms)
}

test('a lost process is replaced at once, and later and later as long as they do not last', () => {
  respawn.lost()
  pass(0)
  expect(spawned).toBe(1)
  const delays = [100, 200, 400, 800]
  for (const [i, delay] of delays.entries()) {
    respawn.served()
    respawn.lost()
    pass(delay - 1)
    expect(spawned).toBe(i + 1)
    pass(1)
    expect(spawned).toBe(i + 2)
  }
})

test('never later than half a minute, and at once again after one that lasted', () => {
  for (let i = 0; i < 20; i += 1) {
    respawn.lost()
    pass(30_000)
    respawn.served()
  }
  pass(10_001)
  const before = spawned
  respawn.lost()
  pass(0)
  expect(spawned).toBe(before + 1)
})

test('nothing is replaced any more once that has ended', () => {
  respawn.lost()
  respawn.stop()
  pass(60_000)
  expect(spawned).toBe(0)
})
