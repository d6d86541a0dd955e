import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { GatewayError } from '../../../src/core/errors.js'
import { type Permit, Permits } from '../../../src/limits/permits.js'
import { PermittedPool } from '../../../src/upstream/permitted-pool.js'
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

/** Permits that come when the test says so. */
class FakePermits {
  readonly asked: Permit[] = []
  readonly givenBack: Permit[] = []

  ask(permit: Permit): void {
    this.asked.push(permit)
  }

  giveBack(permit: Permit): void {
    this.givenBack.push(permit)
  }

  grant(index: number): void {
    this.asked[index]?.granted()
  }
}

function stage(connections = 1, permits = new FakePermits()) {
  const inner = new FakePool(connections)
  const pool = new PermittedPool({ pool: inner, permits, uncounted: 10, queueTimeoutMs: 100 })
  const got: (ServerConnection | GatewayError)[] = []
  const request = (maxLeases: number): LeaseRequest => ({
    tenant: 'acme',
    weight: 1,
    maxLeases,
    leased: (connection) => void got.push(connection),
    refused: (error) => void got.push(error),
  })
  return { permits, inner, pool, got, request }
}

test.each([0, 10, 20])('a limit of %i, which nobody could exceed, needs no permit', (maxLeases) => {
  const { pool, permits, request } = stage()
  expect(pool.acquire(request(maxLeases))).not.toBeNull()
  expect(permits.asked).toEqual([])
})

test('a permit comes first, and is given back with the connection, whatever became of it', () => {
  const { pool, permits, got, request } = stage()
  expect(pool.acquire(request(1))).toBeNull()
  expect(permits.asked).toMatchObject([{ key: 'acme', limit: 1 }])
  permits.grant(0)
  const [connection] = got as ServerConnection[]
  if (connection === undefined) throw new Error('it has a connection')
  pool.leaseEnded(connection)
  pool.leaseEnded(connection)
  expect(permits.givenBack).toEqual(permits.asked)
  vi.advanceTimersByTime(1_000)
  expect(got).toEqual([connection])
})

test('one that is there at once costs no wait, and the next one waits for it', () => {
  const inner = new FakePool(2)
  const pool = new PermittedPool({ pool: inner, permits: new Permits(), uncounted: 10, queueTimeoutMs: 100 })
  const { got, request } = stage()
  const first = pool.acquire(request(1))
  if (first === null) throw new Error('it has a connection')
  expect(pool.acquire(request(1))).toBeNull()
  expect([inner.free.length, got]).toEqual([1, []])
  pool.leaseEnded(first)
  expect([inner.free.length, got.length]).toEqual([0, 1])
})

test('who waits too long for a permit is refused, and a permit that comes later is nobody’s', () => {
  const { pool, permits, got, inner, request } = stage()
  pool.acquire(request(1))
  vi.advanceTimersByTime(100)
  expect(got).toMatchObject([{ code: 'CONCURRENCY_LIMITED' }])
  permits.grant(0)
  expect(permits.givenBack).toEqual(permits.asked)
  expect(got).toHaveLength(1)
  expect(inner.free).toHaveLength(1)
})

test('who leaves gives the permit back, before and after it came', () => {
  const { pool, permits, got, inner, request } = stage(0)
  const [early, late] = [request(1), request(1)]
  pool.acquire(early)
  pool.withdraw(early)
  pool.acquire(late)
  permits.grant(1)
  expect(inner.waiting).toHaveLength(1)
  pool.withdraw(late)
  expect(inner.waiting).toHaveLength(0)
  expect(permits.givenBack).toEqual(permits.asked)
  vi.advanceTimersByTime(1_000)
  expect(got).toEqual([])
})

test('one that the pool refuses gives its permit back', () => {
  const { pool, permits, got, inner, request } = stage(0)
  pool.acquire(request(1))
  permits.grant(0)
  const error = { code: 'QUEUE_TIMEOUT' } as GatewayError
  inner.waiting[0]?.refused(error)
  expect(got).toEqual([error])
  expect(permits.givenBack).toEqual(permits.asked)
})
