import type { Clock } from '../core/clock.js'
import { GatewayError } from '../core/errors.js'
import { invariant } from '../core/invariant.js'
import { type Claim, FairQueue } from '../limits/fair-queue.js'
import { Terminate } from '../wire/messages/terminate.js'
import { connectUpstream, type UpstreamTarget } from './handshake.js'
import { IdleConnections } from './idle-connections.js'
import { ServerConnection } from './server-connection.js'
import { frameWithoutSql } from './server-frame.js'

export interface PoolOptions {
  readonly target: UpstreamTarget
  /** Server connections in all, and of one tenant. */
  readonly max: number
  readonly perTenant: number
  readonly queueTimeoutMs: number
  /** 0: never. */
  readonly idleTimeoutMs: number
  /** Per server connection. */
  readonly preparedStatements: number
  readonly clock: Clock
  readonly observer: PoolObserver
}

/** Told what happens; must not throw. */
export interface PoolObserver {
  connected(outcome: 'connected' | 'failed', error: unknown): void
  lost(cause: Error | null): void
  waited(seconds: number): void
}

/** Somebody who needs a connection, and hears about it later if there is none now. */
export interface LeaseRequest extends Claim {
  leased(connection: ServerConnection): void
  refused(error: GatewayError): void
}

interface Waiter {
  readonly sinceMs: number
  readonly timer: NodeJS.Timeout
}

/** What sessions see of a pool. */
export type LeasePool = Pick<Pool, 'acquire' | 'withdraw' | 'release' | 'discard' | 'parameters' | 'failure'>

/** After a failed attempt, those who wait are told at once; the next one who asks tries again. */
const SWEEP_MS = 1_000

/**
 * The server connections: idle ones, leased ones, and who waits for one.
 *
 * Where a connection stands is which collection holds it; whose turn it is, the queue says.
 */
export class Pool {
  readonly #options: PoolOptions
  readonly #idle = new IdleConnections()
  /** By whom. */
  readonly #leased = new Map<ServerConnection, string>()
  readonly #queue: FairQueue<LeaseRequest>
  readonly #waiters = new Map<LeaseRequest, Waiter>()
  #opening = 0
  #parameters: ReadonlyMap<string, string> | null = null
  #failure: string | null = null
  #stopped = false
  readonly #sweep: NodeJS.Timeout

  constructor(options: PoolOptions) {
    this.#options = options
    this.#queue = new FairQueue(options.perTenant)
    this.#sweep = setInterval(() => this.#tidy(), SWEEP_MS)
    this.#sweep.unref()
  }

  get state(): { readonly open: number; readonly idle: number; readonly waiting: number } {
    return {
      open: this.#idle.size + this.#leased.size,
      idle: this.#idle.size,
      waiting: this.#queue.length,
    }
  }

  /** Why the last attempt to open a connection failed; null where it didn't. */
  get failure(): string | null {
    return this.#failure
  }

  /** What the server reports of its settings to everybody; of the latest connection. Rejects with UPSTREAM_UNAVAILABLE. */
  async parameters(): Promise<ReadonlyMap<string, string>> {
    if (this.#parameters !== null) return this.#parameters
    const connection = await this.#connect().catch((cause: unknown) => {
      throw new GatewayError('UPSTREAM_UNAVAILABLE', {}, { cause })
    })
    this.#keep(connection, '', this.#now())
    return connection.parameters
  }

  /** A connection, or null: then `request` hears when there is one, or why there will be none. */
  acquire(request: LeaseRequest): ServerConnection | null {
    const now = this.#now()
    if (this.#idle.size > 0 && this.#queue.tryStart(request, now)) {
      const connection = this.#lend(request)
      this.#options.observer.waited(0)
      return connection
    }
    this.#enqueue(request, now)
    this.#grow()
    return null
  }

  /** Whoever waited has gone. */
  withdraw(request: LeaseRequest): void {
    if (this.#queue.delete(request, this.#now())) this.#stopWaiting(request)
  }

  /** Takes a connection back: outside of a transaction, with nothing outstanding. */
  release(connection: ServerConnection): void {
    // a cancel request that is still on its way must not hit whoever comes next
    if (connection.cancelling === null) this.#release(connection)
    else void connection.cancelling.then(() => this.#release(connection))
  }

  /** Ends a connection that can't be given back: a transaction is open, or answers are missing. */
  discard(connection: ServerConnection): void {
    this.#endLease(connection, this.#now())
    connection.destroy()
    this.#serveWaiting()
  }

  #release(connection: ServerConnection): void {
    const now = this.#now()
    const tenant = this.#endLease(connection, now)
    if (tenant === undefined) return
    if (connection.isOpen) this.#keep(connection, tenant, now)
    else this.#serveWaiting()
  }

  /** Ends every connection; those who wait are told. */
  stop(): void {
    this.#stopped = true
    clearInterval(this.#sweep)
    for (let idle = this.#idle.oldest; idle !== undefined; idle = this.#idle.oldest)
      this.#dismiss(idle.connection)
    for (const connection of this.#leased.keys()) connection.destroy()
    this.#refuseAll(new GatewayError('SHUTTING_DOWN', {}))
  }

  #now(): number {
    return this.#options.clock.monotonicMs()
  }

  /** The request's lease has begun, and there is an idle connection. */
  #lend({ tenant }: LeaseRequest): ServerConnection {
    const connection = this.#idle.take(tenant)
    invariant(connection !== undefined, 'a lease begins where a connection is idle')
    this.#leased.set(connection, tenant)
    return connection
  }

  #endLease(connection: ServerConnection, nowMs: number): string | undefined {
    const tenant = this.#leased.get(connection)
    if (tenant === undefined) return undefined
    this.#leased.delete(connection)
    this.#queue.end(tenant, nowMs)
    return tenant
  }

  #keep(connection: ServerConnection, tenant: string, sinceMs: number): void {
    if (this.#stopped) {
      goodbye(connection)
      return
    }
    this.#idle.push({ connection, tenant, sinceMs })
    if (this.#queue.length > 0) this.#serveWaiting()
  }

  #enqueue(request: LeaseRequest, sinceMs: number): void {
    const { queueTimeoutMs } = this.#options
    const timer = setTimeout(() => {
      const isOwnLimit = request.maxLeases > 0 && this.#queue.isCapped(request)
      this.withdraw(request)
      request.refused(
        isOwnLimit
          ? new GatewayError('CONCURRENCY_LIMITED', {})
          : new GatewayError('QUEUE_TIMEOUT', { waitMs: queueTimeoutMs }),
      )
    }, queueTimeoutMs)
    this.#waiters.set(request, { sinceMs, timer })
    this.#queue.push(request, sinceMs)
  }

  #stopWaiting(request: LeaseRequest): number {
    const waiter = this.#waiters.get(request)
    clearTimeout(waiter?.timer)
    this.#waiters.delete(request)
    return waiter?.sinceMs ?? 0
  }

  #serveWaiting(): void {
    while (this.#idle.size > 0) {
      const now = this.#now()
      const request = this.#queue.next(now)
      if (request === undefined) break
      const connection = this.#lend(request)
      this.#options.observer.waited((now - this.#stopWaiting(request)) / 1_000)
      request.leased(connection)
    }
    this.#grow()
  }

  /** Opens as many connections as somebody waits for and may have. */
  #grow(): void {
    const { max } = this.#options
    while (!this.#stopped && this.#opening < this.#queue.demand) {
      if (this.#idle.size + this.#leased.size + this.#opening >= max) return
      this.#connect().then(
        (connection) => this.#keep(connection, '', this.#now()),
        (error: unknown) => {
          const cause = { cause: error }
          this.#refuseAll(new GatewayError('UPSTREAM_UNAVAILABLE', {}, cause))
        },
      )
    }
  }

  async #connect(): Promise<ServerConnection> {
    this.#opening += 1
    try {
      const handshake = await connectUpstream(this.#options.target)
      this.#options.observer.connected('connected', null)
      this.#parameters = handshake.parameters
      this.#failure = null
      return new ServerConnection(handshake, {
        preparedStatements: this.#options.preparedStatements,
        closed: (connection, cause) => this.#forget(connection, cause),
      })
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error)
      this.#options.observer.connected('failed', error)
      throw error
    } finally {
      this.#opening -= 1
    }
  }

  #forget(connection: ServerConnection, cause: Error | null): void {
    const wasIdle = this.#idle.delete(connection)
    const wasLeased = this.#endLease(connection, this.#now()) !== undefined
    if ((wasIdle || wasLeased) && !this.#stopped) {
      this.#options.observer.lost(cause)
      this.#serveWaiting()
    }
  }

  #refuseAll(error: GatewayError): void {
    for (const request of this.#queue.drain(this.#now())) {
      this.#stopWaiting(request)
      request.refused(error)
    }
  }

  #tidy(): void {
    this.#closeStale()
    this.#queue.review(this.#now())
    this.#serveWaiting()
  }

  #closeStale(): void {
    if (this.#options.idleTimeoutMs === 0) return
    const limit = this.#now() - this.#options.idleTimeoutMs
    for (let idle = this.#idle.oldest; idle !== undefined && idle.sinceMs < limit; idle = this.#idle.oldest)
      this.#dismiss(idle.connection)
  }

  #dismiss(connection: ServerConnection): void {
    this.#idle.delete(connection)
    goodbye(connection)
  }
}

const FAREWELL = frameWithoutSql(Terminate.bytes)

function goodbye(connection: ServerConnection): void {
  connection.terminate(FAREWELL)
}
