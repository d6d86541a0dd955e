import { expect, test } from 'vitest'
import { BorrowedTokens } from '../../../src/limits/borrowed-tokens.js'
import { RateLimits } from '../../../src/limits/rate-limits.js'

function stage(processes: number) {
  let nowMs = 0
  const rates = new RateLimits(() => nowMs)
  let asked = 0
  const borrow = async (account: string, perSecond: number, wanted: number) => {
    asked += 1
    return rates.take(account, perSecond, wanted)
  }
  const purses = Array.from({ length: processes }, () => new BorrowedTokens(borrow, () => nowMs))
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
  /** What somebody gets who waits for the answer. */
  const run = async (process: number, perSecond: number): Promise<number> => {
    let answer = purses[process]?.take('acme', perSecond, () => {}) ?? null
    while (answer === null) {
      await settled()
      answer = purses[process]?.take('acme', perSecond, () => {}) ?? null
    }
    return answer
  }
  const passes = (ms: number): void => {
    nowMs += ms
  }
  return { purses, run, settled, passes, asked: () => asked }
}

test('a rate holds for all processes together', async () => {
  const { run, passes } = stage(3)
  let ran = 0
  for (let second = 0; second < 10; second += 1) {
    for (let i = 0; i < 300; i += 1) if ((await run(i % 3, 60)) === 0) ran += 1
    passes(1_000)
  }
  expect(ran).toBeLessThanOrEqual(60 * 11)
  expect(ran).toBeGreaterThan(60 * 8)
})

test('a rate of one a second is one a second', async () => {
  const { run, passes } = stage(2)
  expect([await run(0, 1), await run(1, 1), await run(0, 1)]).toEqual([0, 1_000, 1_000])
  passes(1_000)
  expect([await run(1, 1), await run(0, 1)]).toEqual([0, 1_000])
})

test('most statements take one without asking', async () => {
  const { run, asked } = stage(1)
  for (let i = 0; i < 1_000; i += 1) expect(await run(0, 2_000)).toBe(0)
  expect(asked()).toBeLessThanOrEqual(10)
})

test('everybody who waits is woken, once the answer is there', async () => {
  const { purses, settled } = stage(1)
  const woken: number[] = []
  for (let i = 0; i < 3; i += 1) expect(purses[0]?.take('acme', 1, () => void woken.push(i))).toBeNull()
  await settled()
  expect(woken).toEqual([0, 1, 2])
})

test('no limit needs no answer, and a changed one is asked for', async () => {
  const { purses, run } = stage(1)
  expect(purses[0]?.take('acme', 0, () => {})).toBe(0)
  expect(await run(0, 1)).toBe(0)
  expect(await run(0, 1)).toBeGreaterThan(0)
  expect(await run(0, 100)).toBe(0)
})

test('tokens that nobody spent are lost after a second', async () => {
  const { run, passes, asked } = stage(1)
  await run(0, 100)
  passes(1_000)
  await run(0, 100)
  expect(asked()).toBe(2)
})
