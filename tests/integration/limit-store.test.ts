import { type ChildProcess, spawn } from 'node:child_process'
import { connect as connectTcp } from 'node:net'
import { Client } from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Gateway, startGateway } from '../../src/app.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { freePort } from '../support/free-port.js'
import { hasProgram } from '../support/programs.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'

const WAIT = { timeout: 30_000, interval: 50 }

describe.runIf(hasProgram('redis-server'))('two machines with a store', () => {
  let port: number
  let redis: ChildProcess
  let database: TestDatabase
  let first: WholeGateway
  let second: Gateway
  const clients: Client[] = []

  beforeAll(async () => {
    port = await freePort()
    await startRedis()
    database = await testDatabase()
    first = await wholeGateway(database, { limitStore: { redis: `redis://127.0.0.1:${port}` } })
    second = await startGateway(first.configuration, { logger: pino({ level: 'silent' }) })
    for (const { port: own } of [first.gateway, second]) {
      const url = new URL(first.url('acme'))
      url.port = String(own)
      const client = new Client({ connectionString: url.href })
      await client.connect()
      clients.push(client)
    }
  })
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()))
    await second?.stop()
    await first?.stop()
    await database?.drop()
    redis?.kill('SIGKILL')
  })

  async function startRedis(): Promise<void> {
    const options = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no']
    redis = spawn('redis-server', options, { stdio: 'ignore' })
    await vi.waitFor(answers, WAIT)
  }

  function answers(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connectTcp(port, '127.0.0.1', () => {
        socket.destroy()
        resolve()
      })
      socket.once('error', reject)
    })
  }

  async function limit(perSecond: number): Promise<void> {
    await first.tenants.set('acme', [`limits.queriesPerSecond=${perSecond}`])
    await Promise.all([first.gateway.refresh(), second.refresh()])
  }

  /** What becomes of a statement on each of the two. */
  async function outcomes(): Promise<readonly string[]> {
    const all: string[] = []
    for (const client of clients)
      all.push(
        await client.query('SELECT 1').then(
          () => 'ran',
          (error: { code: string }) => error.code,
        ),
      )
    return all
  }

  test('count statements together', async () => {
    await limit(0.01)
    expect(await outcomes()).toEqual(['ran', '53400'])
    expect(await outcomes()).toEqual(['53400', '53400'])
    await limit(0)
    expect(await outcomes()).toEqual(['ran', 'ran'])
  })

  test('count for themselves while the store is away, and together again when it is back', async () => {
    redis.kill('SIGKILL')
    await new Promise((resolve) => redis.once('exit', resolve))
    await limit(0.011)
    expect(await outcomes()).toEqual(['ran', 'ran'])
    expect(await outcomes()).toEqual(['53400', '53400'])
    await startRedis()
    // the rate says which count it is: each try begins a new one
    let perSecond = 0.012
    await vi.waitFor(async () => {
      perSecond += 0.000_1
      await limit(perSecond)
      expect(await outcomes()).toEqual(['ran', '53400'])
    }, WAIT)
  })
})
