import type { Clock } from '../core/clock.js'
import { GatewayError } from '../core/errors.js'
import { Terminate } from '../wire/messages/terminate.js'
import { connectUpstream, type UpstreamTarget } from './handshake.js'
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
export interface LeaseRequest {
  readonly tenant: string
  /** Leases that its tenant may have at a time; 0: as many as the pool allows. */
  readonly maxLeases: number
  leased(connection: ServerConnection): void
  refused(error: GatewayError): void
}

interface Waiter {
  readonly request: LeaseRequest
  readonly since: number
  readonly timer: NodeJS.Timeout
}

interface Idle {
  readonly connection: ServerConnection
  /** Who had it last: it knows that tenant's statements. */
  readonly tenant: string
  readonly since: number
}

/** After a failed attempt, those who wait are told at once; the next one who asks tries again. */
const SWEEP_MS = 1_000

/**
 * The server connections: idle ones, leased ones, and who waits for one, first come first served.
 *
 * Where a connection stands is which collection holds it.
 */
export class Pool {
  readonly #options: PoolOptions
  /** The most recently used last. */
  #idle: Idle[] = []
  readonly #leased = new Map<ServerConnection, string>()
  readonly #waiting: Waiter[] = []
  /** Of each tenant that has any. */
  readonly #leasesOf = new Map<string, number>()
  #opening = 0
  #parameters: ReadonlyMap<string, string> | null = null
  #failure: string | null = null
  #stopped = false
  readonly #sweep: NodeJS.Timeout

  constructor(options: PoolOptions) {
    this.#options = options
    this.#sweep = setInterval(() => this.#closeStale(), SWEEP_MS)
    this.#sweep.unref()
  }

  get state(): { readonly open: number; readonly idle: number; readonly waiting: number } {
    return {
      open: this.#idle.length + this.#leased.size,
      idle: this.#idle.length,
      waiting: this.#waiting.length,
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
    this.#keep(connection, '')
    return connection.parameters
  }

  /** A connection, or null: then `request` hears when there is one, or why there will be none. */
  acquire(request: LeaseRequest): ServerConnection | null {
    if (
      this.#waiting.length === 0 ||
      this.#waiting.every((waiter) => waiter.request.tenant !== request.tenant)
    ) {
      const connection = this.#take(request)
      if (connection !== null) {
        this.#options.observer.waited(0)
        return connection
      }
    }
    this.#enqueue(request)
    this.#grow()
    return null
  }

  /** Whoever waited has gone. */
  withdraw(request: LeaseRequest): void {
    const index = this.#waiting.findIndex((waiter) => waiter.request === request)
    if (index < 0) return
    clearTimeout(this.#waiting[index]?.timer)
    this.#waiting.splice(index, 1)
  }

  /** Takes a connection back: outside of a transaction, with nothing outstanding. */
  release(connection: ServerConnection): void {
    // a cancel request that is still on its way must not hit whoever comes next
    if (connection.cancelling === null) this.#release(connection)
    else void connection.cancelling.then(() => this.#release(connection))
  }

  /** Ends a connection that can't be given back: a transaction is open, or answers are missing. */
  discard(connection: ServerConnection): void {
    this.#endLease(connection)
    connection.destroy()
    this.#serveWaiting()
  }

  #release(connection: ServerConnection): void {
    const tenant = this.#endLease(connection)
    if (tenant === undefined) return
    if (connection.isOpen) this.#keep(connection, tenant)
    else this.#serveWaiting()
  }

  /** Ends every connection; those who wait are told. */
  stop(): void {
    this.#stopped = true
    clearInterval(this.#sweep)
    for (const { connection } of this.#idle.splice(0)) goodbye(connection)
    for (const connection of this.#leased.keys()) connection.destroy()
    this.#refuseAll(new GatewayError('SHUTTING_DOWN', {}))
  }

  #take(request: LeaseRequest): ServerConnection | null {
    if (!this.#mayHaveMore(request)) return null
    const { tenant } = request
    const known = this.#idle.findLastIndex((idle) => idle.tenant === tenant)
    const idle = known < 0 ? this.#idle.pop() : this.#idle.splice(known, 1)[0]
    if (idle === undefined) return null
    this.#leased.set(idle.connection, tenant)
    this.#leasesOf.set(tenant, (this.#leasesOf.get(tenant) ?? 0) + 1)
    return idle.connection
  }

  #mayHaveMore({ tenant, maxLeases }: LeaseRequest): boolean {
    const leases = this.#leasesOf.get(tenant) ?? 0
    return leases < this.#options.perTenant && (maxLeases === 0 || leases < maxLeases)
  }

  #endLease(connection: ServerConnection): string | undefined {
    const tenant = this.#leased.get(connection)
    if (tenant === undefined) return undefined
    this.#leased.delete(connection)
    const left = (this.#leasesOf.get(tenant) ?? 1) - 1
    if (left === 0) this.#leasesOf.delete(tenant)
    else this.#leasesOf.set(tenant, left)
    return tenant
  }

  #keep(connection: ServerConnection, tenant: string): void {
    if (this.#stopped) {
      goodbye(connection)
      return
    }
    this.#idle.push({ connection, tenant, since: this.#options.clock.monotonicMs() })
    this.#serveWaiting()
  }

  #enqueue(request: LeaseRequest): void {
    const timer = setTimeout(() => {
      this.withdraw(request)
      const waitMs = this.#options.queueTimeoutMs
      const isOwnLimit = !this.#mayHaveMore(request) && request.maxLeases > 0
      request.refused(
        isOwnLimit
          ? new GatewayError('CONCURRENCY_LIMITED', {})
          : new GatewayError('QUEUE_TIMEOUT', { waitMs }),
      )
    }, this.#options.queueTimeoutMs)
    this.#waiting.push({ request, since: this.#options.clock.monotonicMs(), timer })
  }

  /** The first in line whose tenant may have one more is next. */
  #serveWaiting(): void {
    for (let index = 0; index < this.#waiting.length && this.#idle.length > 0; ) {
      const waiter = this.#waiting[index]
      const connection = waiter === undefined ? null : this.#take(waiter.request)
      if (waiter === undefined || connection === null) {
        index += 1
        continue
      }
      this.#waiting.splice(index, 1)
      clearTimeout(waiter.timer)
      this.#options.observer.waited((this.#options.clock.monotonicMs() - waiter.since) / 1_000)
      waiter.request.leased(connection)
    }
    this.#grow()
  }

  /** Opens as many connections as somebody waits for and may have. */
  #grow(): void {
    const { max } = this.#options
    while (!this.#stopped && this.#opening < this.#eligible()) {
      if (this.#idle.length + this.#leased.size + this.#opening >= max) return
      this.#connect().then(
        (connection) => this.#keep(connection, ''),
        (error: unknown) => {
          const cause = { cause: error }
          this.#refuseAll(new GatewayError('UPSTREAM_UNAVAILABLE', {}, cause))
        },
      )
    }
  }

  #eligible(): number {
    let count = 0
    for (const { request } of this.#waiting) if (this.#mayHaveMore(request)) count += 1
    return count
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
    const at = this.#idle.findIndex((idle) => idle.connection === connection)
    if (at >= 0) this.#idle.splice(at, 1)
    const wasLeased = this.#endLease(connection) !== undefined
    if ((at >= 0 || wasLeased) && !this.#stopped) {
      this.#options.observer.lost(cause)
      this.#serveWaiting()
    }
  }

  #refuseAll(error: GatewayError): void {
    for (const waiter of this.#waiting.splice(0)) {
      clearTimeout(waiter.timer)
      waiter.request.refused(error)
    }
  }

  #closeStale(): void {
    if (this.#options.idleTimeoutMs === 0) return
    const limit = this.#options.clock.monotonicMs() - this.#options.idleTimeoutMs
    const stale = this.#idle.filter((idle) => idle.since < limit)
    this.#idle = this.#idle.filter((idle) => idle.since >= limit)
    for (const { connection } of stale) goodbye(connection)
  }
}

const FAREWELL = frameWithoutSql(Terminate.bytes)

function goodbye(connection: ServerConnection): void {
  connection.terminate(FAREWELL)
}
