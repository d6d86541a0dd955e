import { describe, expect, test } from 'vitest'
import { Serial } from '../../../src/core/serial.js'

describe('Serial', () => {
  test('runs one at a time and answers everybody who came meanwhile with one more run', async () => {
    const gates: (() => void)[] = []
    let running = 0
    let most = 0
    const serial = new Serial(async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise<void>((resolve) => gates.push(resolve))
      running -= 1
    })
    const first = serial.run()
    const second = serial.run()
    const third = serial.run()
    expect(second).toBe(third)
    gates[0]?.()
    await first
    await Promise.resolve()
    expect(gates).toHaveLength(2)
    gates[1]?.()
    await Promise.all([second, third])
    expect([gates.length, most]).toEqual([2, 1])
  })

  test('goes on after a failed run', async () => {
    let calls = 0
    const serial = new Serial(async () => {
      calls += 1
      if (calls === 1) throw new Error('broken')
    })
    const first = serial.run()
    const second = serial.run()
    await expect(first).rejects.toThrow('broken')
    await second
    await serial.run()
    expect(calls).toBe(3)
  })
})
