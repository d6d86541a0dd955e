import { createClient } from '@redis/client'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { LimitClient } from '../../src/machines/limit-store.js'
import { RedisCounts } from '../../src/machines/redis-counts.js'
import { hasProgram } from '../support/programs.js'
import { TestRedis } from '../support/redis.js'

const LIFETIME_MS = 600

describe.runIf(hasProgram('redis-server'))('counts in a store', () => {
  let redis: TestRedis
  let client: LimitClient
  const machines: RedisCounts[] = []

  beforeAll(async () => {
    redis = await TestRedis.start()
    client = createClient({ url: redis.url, commandOptions: { timeout: 500 } })
    client.on('error', () => {})
    await client.connect()
  })
  afterEach(async () => {
    for (const machine of machines.splice(0)) machine.stop()
    await client.flushAll()
  })
  afterAll(async () => {
    client?.destroy()
    await redis?.kill()
  })

  function machine(name: string): RedisCounts {
    const counts = new RedisCounts(client, { prefix: 'test:', machine: name, lifetimeMs: LIFETIME_MS })
    machines.push(counts)
    return counts
  }

  test('the parts of all are never more than the limit together', async () => {
    const [one, other] = [machine('one'), machine('other')]
    expect(await one.claim('k', 2, 3)).toBe(true)
    expect(await other.claim('k', 2, 3)).toBe(false)
    expect(await other.claim('k', 1, 3)).toBe(true)
    expect(await one.claim('k', 3, 3)).toBe(false)
    one.lower('k', 1)
    expect(await other.claim('k', 2, 3)).toBe(true)
    expect([one.others('k'), other.others('k')]).toEqual([1, 1])
    expect(await one.claim('elsewhere', 3, 3)).toBe(true)
  })

  test('a machine keeps its part as long as it lives, and what it had is free when it has gone', async () => {
    const [one, other] = [machine('one'), machine('other')]
    await one.claim('k', 1, 1)
    await new Promise((resolve) => setTimeout(resolve, 3 * LIFETIME_MS))
    expect(await other.claim('k', 1, 1)).toBe(false)
    one.stop()
    await vi.waitFor(async () => expect(await other.claim('k', 1, 1)).toBe(true), { timeout: 30_000 })
    expect(other.others('k')).toBe(0)
  })

  test('a store that has forgotten everything is told again', async () => {
    const [one, other] = [machine('one'), machine('other')]
    await one.claim('k', 1, 1)
    await client.flushAll()
    await vi.waitFor(async () => expect(await client.exists('test:k')).toBe(1), { timeout: 30_000 })
    expect(await other.claim('k', 1, 1)).toBe(false)
  })

  test('who has nothing and wants nothing leaves nothing behind', async () => {
    const [one, other] = [machine('one'), machine('other')]
    await one.claim('k', 1, 1)
    await other.claim('k', 1, 1)
    one.lower('k', 0)
    other.lower('k', 0)
    await vi.waitFor(async () => expect(await client.exists('test:k')).toBe(0), { timeout: 30_000 })
    one.lower('unheard of', 0)
    expect(await client.exists('test:unheard of')).toBe(0)
  })

  test('an answer that comes late doesn’t undo what was said after it', async () => {
    const one = machine('one')
    const late = one.claim('k', 3, 3)
    one.lower('k', 1)
    expect(await late).toBe(true)
    // written again, it is what was said last
    await new Promise((resolve) => setTimeout(resolve, LIFETIME_MS))
    expect(await client.hGet('test:k', 'one')).toMatch(/^1 \d+$/)
  })

  test('where it can’t be reached, everything is granted: the machine counts for itself', async () => {
    const one = machine('one')
    await redis.kill()
    expect(await one.claim('k', 5, 1)).toBe(true)
    await redis.start()
    await vi.waitFor(async () => expect(await client.hGet('test:k', 'one')).toMatch(/^5 /), {
      timeout: 20_000,
    })
  })
})
