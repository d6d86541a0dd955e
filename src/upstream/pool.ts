import type { Clock } from '../core/clock.js'
import { GatewayError } from '../core/errors.js'
import { invariant } from '../core/invariant.js'
import { Terminate } from '../wire/messages/terminate.js'
import { ConnectionOpener } from './connection-opener.js'
import type { UpstreamTarget } from './handshake.js'
import { IdleConnections } from './idle-connections.js'
import { type IdleTimes, IdleUpkeep } from './idle-upkeep.js'
import type { ServerConnection } from './server-connection.js'
import { frameWithoutSql } from './server-frame.js'
import { type LeaseRequest, WaitingRoom } from './waiting-room.js'

export type { LeaseRequest } from './waiting-room.js'

export interface PoolOptions extends IdleTimes {
  readonly target: UpstreamTarget
  /** Server connections in all, and of one tenant. */
  readonly max: number
  readonly perTenant: number
  readonly queueTimeoutMs: number
  /** How long a connection is used, about; then it is replaced as soon as nobody has it. Units: ms; 0: for ever. */
  readonly lifetimeMs: number
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
  /** It isn't leased any more, whatever became of it. */
  leaseEnded(connection: ServerConnection): void
}

/** What sessions see of a pool. */
export type LeasePool = Pick<Pool, 'acquire' | 'withdraw' | 'release' | 'discard' | 'parameters' | 'failure'>

const SWEEP_MS = 1_000
const FAREWELL = frameWithoutSql(Terminate.bytes)

/**
 * The server connections: idle ones, leased ones, and who waits for one.
 *
 * Where a connection stands is which collection holds it. While no server answers, those who wait are told with each attempt
 * that fails; the next one who asks hears of the next attempt.
 */
export class Pool {
  readonly #options: PoolOptions
  readonly #idle = new IdleConnections()
  /** By whom. */
  readonly #leased = new Map<ServerConnection, string>()
  readonly #waiting: WaitingRoom
  readonly #opener: ConnectionOpener
  readonly #upkeep: IdleUpkeep
  #stopped = false
  readonly #sweep: NodeJS.Timeout

  constructor(options: PoolOptions) {
    const { perTenant, queueTimeoutMs, clock, observer } = options
    this.#options = options
    this.#waiting = new WaitingRoom({
      perTenant,
      queueTimeoutMs,
      clock,
      waited: (seconds) => observer.waited(seconds),
      obstacle: () => this.#obstacle(),
    })
    this.#opener = new ConnectionOpener(options, {
      wantsAttempt: () => this.#open === 0 || (this.#waiting.demand > 0 && this.#open < options.max),
      opened: (connection) => this.#keep(connection, '', this.#now()),
      failed: (error) => this.#cantOpen(error),
      closed: (connection, cause) => this.#forget(connection, cause),
    })
    this.#upkeep = new IdleUpkeep(this.#idle, options)
    this.#sweep = setInterval(() => this.#tidy(), SWEEP_MS)
    this.#sweep.unref()
  }

  get state(): { readonly open: number; readonly idle: number; readonly waiting: number } {
    return { open: this.#open, idle: this.#idle.size, waiting: this.#waiting.length }
  }

  /** Why the last attempt to open a connection failed; null where it didn't. */
  get failure(): string | null {
    return this.#opener.failure
  }

  /** What the server reports of its settings to everybody; of the latest connection. Rejects with UPSTREAM_UNAVAILABLE. */
  parameters(): Promise<ReadonlyMap<string, string>> {
    return this.#opener.parameters().catch((cause: unknown) => {
      throw new GatewayError('UPSTREAM_UNAVAILABLE', {}, { cause })
    })
  }

  /** A connection, or null: then `request` hears when there is one, or why there will be none. */
  acquire(request: LeaseRequest): ServerConnection | null {
    if (this.#idle.size > 0 && this.#waiting.tryStart(request)) return this.#lend(request)
    this.#waiting.push(request)
    this.#grow()
    return null
  }

  /** Whoever waited has gone. */
  withdraw(request: LeaseRequest): void {
    this.#waiting.delete(request)
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

  /** Ends every connection; those who wait are told. */
  stop(): void {
    this.#stopped = true
    clearInterval(this.#sweep)
    this.#opener.stop()
    for (const { connection } of [...this.#idle]) this.#dismiss(connection)
    for (const connection of this.#leased.keys()) connection.destroy()
    this.#waiting.refuseAll(new GatewayError('SHUTTING_DOWN', {}))
  }

  get #open(): number {
    return this.#idle.size + this.#leased.size
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

  #release(connection: ServerConnection): void {
    const now = this.#now()
    const tenant = this.#endLease(connection, now)
    if (tenant === undefined) return
    if (connection.isOpen) this.#keep(connection, tenant, now)
    else this.#serveWaiting()
  }

  #endLease(connection: ServerConnection, nowMs: number): string | undefined {
    const tenant = this.#leased.get(connection)
    if (tenant === undefined) return undefined
    this.#leased.delete(connection)
    this.#waiting.end(tenant, nowMs)
    this.#options.observer.leaseEnded(connection)
    return tenant
  }

  #keep(connection: ServerConnection, tenant: string, sinceMs: number): void {
    if (this.#stopped || connection.expiresMs <= sinceMs) connection.terminate(FAREWELL)
    else this.#idle.push({ connection, tenant, sinceMs })
    if (this.#waiting.length > 0) this.#serveWaiting()
  }

  #serveWaiting(): void {
    while (this.#idle.size > 0) {
      const request = this.#waiting.next()
      if (request === undefined) break
      request.leased(this.#lend(request))
    }
    this.#grow()
  }

  /** Opens as many connections as somebody waits for and may have. */
  #grow(): void {
    const opener = this.#opener
    const wanted = Math.min(this.#waiting.demand, this.#options.max - this.#open) - opener.opening
    for (let more = wanted; more > 0; more--) opener.open()
  }

  /** Who waits gets a connection that others give back, if there is any. */
  #cantOpen(cause: unknown): void {
    if (this.#open === 0) this.#waiting.refuseAll(new GatewayError('UPSTREAM_UNAVAILABLE', {}, { cause }))
  }

  #obstacle(): GatewayError | null {
    const isReachable = this.#open > 0 || (this.#opener.failure === null && this.#opener.opening === 0)
    return isReachable ? null : new GatewayError('UPSTREAM_UNAVAILABLE', {})
  }

  #forget(connection: ServerConnection, cause: Error | null): void {
    const wasIdle = this.#idle.delete(connection)
    const wasLeased = this.#endLease(connection, this.#now()) !== undefined
    if ((!wasIdle && !wasLeased) || this.#stopped) return
    this.#options.observer.lost(cause)
    if (this.#open === 0) this.#opener.probe()
    this.#serveWaiting()
  }

  #tidy(): void {
    const now = this.#now()
    for (const { connection } of this.#upkeep.due(now)) this.#dismiss(connection)
    this.#upkeep.check(now)
    this.#waiting.review()
    this.#serveWaiting()
  }

  #dismiss(connection: ServerConnection): void {
    this.#idle.delete(connection)
    connection.terminate(FAREWELL)
  }
}
