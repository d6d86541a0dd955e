import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SystemClock } from '../../../src/core/clock.js'
import type { GatewayError } from '../../../src/core/errors.js'
import { ExpectedReply, Request } from '../../../src/upstream/expected-replies.js'
import { tenantsStartup } from '../../../src/upstream/handshake.js'
import { ROLLBACK } from '../../../src/upstream/own-sql.js'
import { Pool, type PoolOptions } from '../../../src/upstream/pool.js'
import type { ServerConnection } from '../../../src/upstream/server-connection.js'
import { queryFrame } from '../../../src/upstream/server-frame.js'
import { CommandComplete } from '../../../src/wire/messages/command-complete.js'
import { ReadyForQuery } from '../../../src/wire/messages/ready-for-query.js'
import { RecordingLessee } from '../../support/recording-lessee.js'
import { ScriptedServer } from '../../support/scripted-server.js'

let server: ScriptedServer
let pool: Pool
const lost: unknown[] = []

beforeEach(async () => {
  server = await ScriptedServer.start()
  lost.length = 0
})
afterEach(async () => {
  pool.stop()
  await server.stop()
})

function open(options: Partial<PoolOptions> = {}): void {
  pool = new Pool({
    target: { url: server.url, settings: tenantsStartup(['public']), connectTimeoutMs: 5_000 },
    max: 2,
    perTenant: 2,
    queueTimeoutMs: 20_000,
    idleTimeoutMs: 60_000,
    healthCheckMs: 0,
    lifetimeMs: 0,
    preparedStatements: 10,
    clock: SystemClock,
    observer: {
      connected: () => {},
      lost: (cause) => lost.push(cause),
      waited: () => {},
      leaseEnded: () => {},
    },
    ...options,
  })
}

function lease(tenant: string, maxLeases = 0): Promise<ServerConnection> {
  return new Promise((leased, refused: (error: GatewayError) => void) => {
    const connection = pool.acquire({ tenant, weight: 1, maxLeases, leased, refused })
    if (connection !== null) leased(connection)
  })
}

/** Whether a promise is settled once everything that is under way has happened. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true
  const settle = () => {
    pending = false
  }
  promise.then(settle, settle)
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  return pending
}

describe('the pool', () => {
  test('opens connections as they are needed, and never more than it may', async () => {
    open()
    const [first, second] = await Promise.all([lease('a'), lease('b')])
    const third = lease('c')
    expect(await isPending(third)).toBe(true)
    expect(pool.state).toEqual({ open: 2, idle: 0, waiting: 1 })
    pool.release(second)
    expect(await third).toBe(second)
    pool.release(first)
    expect(server.connections).toHaveLength(2)
  })

  test('prefers the connection that served the tenant last', async () => {
    open()
    const [first, second] = await Promise.all([lease('a'), lease('b')])
    pool.release(first)
    pool.release(second)
    expect(await lease('a')).toBe(first)
    expect(await lease('c')).toBe(second)
  })

  test('serves who waits in order, passing over a tenant that has enough', async () => {
    open({ max: 2, perTenant: 1 })
    const first = await lease('a')
    const again = lease('a')
    const other = await lease('b')
    const third = lease('c')
    pool.release(other)
    expect(await third).toBe(other)
    expect(await isPending(again)).toBe(true)
    pool.release(first)
    expect(await again).toBe(first)
  })

  test('holds a tenant to its own number, below the pool’s', async () => {
    open()
    const first = await lease('a', 1)
    const second = lease('a', 1)
    expect(await isPending(second)).toBe(true)
    pool.release(first)
    await second
  })

  test('tells those who wait too long why', async () => {
    open({ max: 1, queueTimeoutMs: 500 })
    await lease('a')
    await expect(lease('b')).rejects.toMatchObject({ code: 'QUEUE_TIMEOUT' })
    await expect(lease('a', 1)).rejects.toMatchObject({ code: 'CONCURRENCY_LIMITED' })
    expect(pool.state.waiting).toBe(0)
  })

  test('tells those who wait when no server answers, and says so to whoever watches', async () => {
    open()
    await server.stop()
    await expect(lease('a')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(pool.failure).not.toBeNull()
    server = await ScriptedServer.start()
  })

  test('replaces a connection that died, leased or idle', async () => {
    open({ max: 1 })
    const first = await lease('a')
    const lessee = new RecordingLessee()
    first.lessee = lessee
    const waiting = lease('b')
    server.connections[0]?.socket.destroy()
    const second = await waiting
    expect(lessee.told).toEqual([expect.stringMatching(/^lost /)])
    pool.release(second)
    server.connections[1]?.socket.destroy()
    await expect.poll(() => lost.length).toBe(2)
    await lease('a')
    expect(server.connections).toHaveLength(3)
  })

  test('finds a server that is back without anybody asking, and does not ask it all the time', async () => {
    const attempts: string[] = []
    const watch = { lost: () => {}, waited: () => {}, leaseEnded: () => {} }
    open({ observer: { ...watch, connected: (outcome) => attempts.push(outcome) } })
    pool.release(await lease('a'))
    const { port } = new URL(server.url)
    await server.stop()
    await expect.poll(() => pool.failure).not.toBeNull()
    await Promise.allSettled(Array.from({ length: 50 }, () => lease('a')))
    expect(attempts.length).toBeLessThan(10)
    server = await ScriptedServer.start(Number(port))
    await expect.poll(() => pool.failure, { timeout: 30_000 }).toBeNull()
    await lease('a')
  })

  test('lets those wait who can be served by what others give back, when no more can be opened', async () => {
    open({ max: 2 })
    const first = await lease('a')
    server.close()
    const second = lease('b')
    await expect.poll(() => pool.failure).not.toBeNull()
    pool.release(first)
    expect(await second).toBe(first)
  })

  test('replaces a connection that is old, when it comes back or while it is idle', async () => {
    open({ lifetimeMs: 100 })
    const first = await lease('a')
    await expect.poll(() => first.expiresMs < SystemClock.monotonicMs()).toBe(true)
    pool.release(first)
    expect(pool.state.idle).toBe(0)
    pool.release(await lease('a'))
    await expect.poll(() => pool.state.open, { timeout: 30_000 }).toBe(0)
    await expect
      .poll(() => server.connections.map(({ heard }) => heard.join()))
      .toEqual(Array(2).fill('> Terminate'))
    expect(lost).toEqual([])
  })

  test('asks idle connections whether they live, and uses them meanwhile', async () => {
    open({ healthCheckMs: 1 })
    server.onMessage = ({ socket }) => socket.write(ReadyForQuery.encode({ status: 'I' }))
    pool.release(await lease('a'))
    await expect.poll(() => server.connections[0]?.heard.length, { timeout: 30_000 }).toBeGreaterThan(1)
    expect(await lease('a')).toBeDefined()
    expect([pool.state.open, lost.length]).toEqual([1, 0])
    expect(new Set(server.connections[0]?.heard)).toEqual(new Set(['> Sync']))
  })

  test('gives no connection on before a cancel request for it has arrived', async () => {
    open({ max: 1 })
    const first = await lease('a')
    first.lessee = new RecordingLessee()
    first.cancel()
    await expect.poll(() => server.cancels.length).toBe(1)
    expect(server.cancels[0]?.processId).toBe(server.connections[0]?.processId)
    pool.release(first)
    const next = lease('b')
    expect(await isPending(next)).toBe(true)
    server.cancels[0]?.socket.end()
    expect(await next).toBe(first)
  })

  test('drops a connection that answers what was not asked', async () => {
    open({ max: 1 })
    const first = await lease('a')
    const lessee = new RecordingLessee()
    first.lessee = lessee
    server.connections[0]?.socket.write(CommandComplete.encode({ commandTag: 'SELECT 1' }))
    await expect.poll(() => lessee.told).toEqual(['lost the server sent CommandComplete out of turn'])
    expect(pool.state.open).toBe(0)
  })

  test('says goodbye to connections that nobody needs', async () => {
    open({ idleTimeoutMs: 1 })
    pool.release(await lease('a'))
    await expect.poll(() => pool.state.open, { timeout: 30_000 }).toBe(0)
    await expect.poll(() => server.connections[0]?.heard).toEqual(['> Terminate'])
    expect(lost).toEqual([])
  })

  test('tells a lessee that its connection is idle when nothing is outstanding and no transaction open', async () => {
    open()
    server.onMessage = ({ socket }) => {
      socket.write(
        Buffer.concat([CommandComplete.encode({ commandTag: 'X' }), ReadyForQuery.encode({ status: 'I' })]),
      )
    }
    const connection = await lease('a')
    const lessee = new RecordingLessee()
    connection.lessee = lessee
    for (const _ of [1, 2]) connection.send(queryFrame(ROLLBACK), new ExpectedReply(Request.Query, 'relay'))
    connection.flush()
    await expect.poll(() => lessee.told).toEqual(['ready I', 'ready I', 'idle'])
  })
})
