import { Client } from 'pg'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Gateway, startGateway } from '../../src/app.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { hasProgram } from '../support/programs.js'
import { TestRedis } from '../support/redis.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'

const WAIT = { timeout: 30_000, interval: 50 }

describe.runIf(hasProgram('redis-server'))('two machines with a store', () => {
  let redis: TestRedis
  let database: TestDatabase
  let first: WholeGateway
  let second: Gateway
  const clients: Client[] = []

  beforeAll(async () => {
    redis = await TestRedis.start()
    database = await testDatabase()
    first = await wholeGateway(database, { limitStore: { redis: redis.url } })
    second = await startGateway(first.configuration, { logger: pino({ level: 'silent' }) })
  })
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()))
  })
  afterAll(async () => {
    await second?.stop()
    await first?.stop()
    await database?.drop()
    await redis?.kill()
  })

  async function connect(port: number): Promise<Client> {
    const url = new URL(first.url('acme'))
    url.port = String(port)
    const client = new Client({ connectionString: url.href })
    client.on('error', () => {})
    await client.connect()
    clients.push(client)
    return client
  }

  /** A client of each machine. */
  async function two(): Promise<readonly [Client, Client]> {
    return [await connect(first.gateway.port), await connect(second.port)]
  }

  async function limit(name: string, value: number): Promise<void> {
    await first.tenants.set('acme', [`limits.${name}=${value}`])
    await Promise.all([first.gateway.refresh(), second.refresh()])
  }

  const outcome = (attempt: Promise<unknown>): Promise<string> =>
    attempt.then(
      () => 'ran',
      (error: { code: string }) => error.code,
    )

  /** What becomes of a statement on each of the two. */
  async function outcomes(pair: readonly Client[]): Promise<readonly string[]> {
    const all: string[] = []
    for (const client of pair) all.push(await outcome(client.query('SELECT 1')))
    return all
  }

  test('count statements together', async () => {
    const pair = await two()
    await limit('queriesPerSecond', 0.01)
    expect(await outcomes(pair)).toEqual(['ran', '53400'])
    expect(await outcomes(pair)).toEqual(['53400', '53400'])
    await limit('queriesPerSecond', 0)
    expect(await outcomes(pair)).toEqual(['ran', 'ran'])
  })

  test('count connections together', async () => {
    await limit('connections', 2)
    const [one] = await two()
    expect(await outcome(connect(first.gateway.port))).toBe('53300')
    expect(await outcome(connect(second.port))).toBe('53300')
    await one.end()
    await vi.waitFor(() => connect(second.port), WAIT)
    expect(await outcome(connect(first.gateway.port))).toBe('53300')
    await limit('connections', 0)
    expect(await outcome(connect(first.gateway.port))).toBe('ran')
  })

  test('count statements at a time together: who is over the limit waits for its turn', async () => {
    await limit('concurrentQueries', 1)
    const [one, other] = await two()
    await one.query('BEGIN')
    let hasRun = false
    const waiting = other.query('SELECT 1').then(() => {
      hasRun = true
    })
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(hasRun).toBe(false)
    await one.query('COMMIT')
    await waiting
    // and back
    expect(await outcomes([one, other, one])).toEqual(['ran', 'ran', 'ran'])
    await limit('concurrentQueries', 0)
  })

  test('count for themselves while the store is away, and together again when it is back', async () => {
    const pair = await two()
    await redis.kill()
    await limit('queriesPerSecond', 0.011)
    expect(await outcomes(pair)).toEqual(['ran', 'ran'])
    expect(await outcomes(pair)).toEqual(['53400', '53400'])
    await limit('queriesPerSecond', 0)
    await limit('connections', 2)
    await limit('concurrentQueries', 1)
    await two()
    expect(await outcome(connect(second.port))).toBe('53300')
    expect(await outcomes(pair)).toEqual(['ran', 'ran'])
    await redis.start()
    await limit('concurrentQueries', 0)
    // the rate says which count it is: each try begins a new one
    let perSecond = 0.012
    await vi.waitFor(async () => {
      perSecond += 0.000_1
      await limit('queriesPerSecond', perSecond)
      expect(await outcomes(pair)).toEqual(['ran', '53400'])
    }, WAIT)
    await limit('queriesPerSecond', 0)
    // what they counted meanwhile is known to both
    await limit('connections', 3)
    await vi.waitFor(async () => expect(await outcome(connect(first.gateway.port))).toBe('53300'), WAIT)
    await limit('connections', 0)
  })
})
