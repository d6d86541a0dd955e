import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ToPrimary } from '../../../src/cluster/messages.js'
import { PermittedPool } from '../../../src/cluster/permitted-pool.js'
import type { GatewayError } from '../../../src/core/errors.js'
import type { LeasePool, LeaseRequest } from '../../../src/upstream/pool.js'
import type { ServerConnection } from '../../../src/upstream/server-connection.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A pool of as many connections as are put into it; what waits is kept. */
class FakePool implements LeasePool {
  readonly failure = null
  readonly waiting: LeaseRequest[] = []
  readonly free: ServerConnection[]

  constructor(connections: number) {
    this.free = Array.from({ length: connections }, () => ({}) as ServerConnection)
  }

  acquire(request: LeaseRequest): ServerConnection | null {
    const connection = this.free.pop() ?? null
    if (connection === null) this.waiting.push(request)
    return connection
  }

  withdraw(request: LeaseRequest): void {
    this.waiting.splice(this.waiting.indexOf(request), 1)
  }

  parameters(): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map())
  }

  release(): void {}
  discard(): void {}
}

function stage(connections = 1) {
  const said: ToPrimary[] = []
  const inner = new FakePool(connections)
  const pool = new PermittedPool({
    pool: inner,
    uncounted: 10,
    queueTimeoutMs: 100,
    send: (message) => said.push(message),
  })
  const got: (ServerConnection | GatewayError)[] = []
  const request = (maxLeases: number): LeaseRequest => ({
    tenant: 'acme',
    weight: 1,
    maxLeases,
    leased: (connection) => void got.push(connection),
    refused: (error) => void got.push(error),
  })
  return { said, inner, pool, got, request }
}

test.each([0, 10, 20])('a limit of %i, which nobody could exceed, needs no permit', (maxLeases) => {
  const { pool, said, request } = stage()
  expect(pool.acquire(request(maxLeases))).not.toBeNull()
  expect(said).toEqual([])
})

test('a permit comes first, and is given back with the connection, whatever became of it', () => {
  const { pool, said, got, request } = stage()
  expect(pool.acquire(request(1))).toBeNull()
  expect(said).toEqual([{ kind: 'permit', id: 1, key: 'acme', limit: 1 }])
  pool.told({ kind: 'granted', id: 1 })
  const [connection] = got as ServerConnection[]
  if (connection === undefined) throw new Error('it has a connection')
  pool.leaseEnded(connection)
  pool.leaseEnded(connection)
  expect(said.slice(1)).toEqual([{ kind: 'give-back', id: 1 }])
})

test('who waits too long for a permit is refused, and a permit that comes later is nobody’s', () => {
  const { pool, said, got, inner, request } = stage()
  pool.acquire(request(1))
  vi.advanceTimersByTime(100)
  expect(got).toMatchObject([{ code: 'CONCURRENCY_LIMITED' }])
  pool.told({ kind: 'granted', id: 1 })
  expect(said.at(-1)).toEqual({ kind: 'give-back', id: 1 })
  expect(inner.free).toHaveLength(1)
})

test('who leaves gives the permit back, before and after it came', () => {
  const { pool, said, got, inner, request } = stage(0)
  const [early, late] = [request(1), request(1)]
  pool.acquire(early)
  pool.withdraw(early)
  pool.acquire(late)
  pool.told({ kind: 'granted', id: 2 })
  expect(inner.waiting).toHaveLength(1)
  pool.withdraw(late)
  expect(inner.waiting).toHaveLength(0)
  expect(said.filter(({ kind }) => kind === 'give-back')).toEqual([
    { kind: 'give-back', id: 1 },
    { kind: 'give-back', id: 2 },
  ])
  vi.advanceTimersByTime(1_000)
  expect(got).toEqual([])
})

test('one that the pool refuses gives its permit back', () => {
  const { pool, said, got, inner, request } = stage(0)
  pool.acquire(request(1))
  pool.told({ kind: 'granted', id: 1 })
  const error = { code: 'QUEUE_TIMEOUT' } as GatewayError
  inner.waiting[0]?.refused(error)
  expect(got).toEqual([error])
  expect(said.at(-1)).toEqual({ kind: 'give-back', id: 1 })
})
