import { GatewayError } from '../core/errors.js'
import type { Permit, PermitSource } from '../limits/permits.js'
import type { LeasePool, LeaseRequest } from './pool.js'
import type { ServerConnection } from './server-connection.js'

export interface PermittedPoolOptions {
  readonly pool: LeasePool
  readonly permits: PermitSource
  /** Leases that one account could have of everybody together if nobody counted. */
  readonly uncounted: number
  /** How long somebody waits for a permit. */
  readonly queueTimeoutMs: number
}

/**
 * A pool beside others, of other processes or machines: where an account may have fewer leases than all could give it together,
 * somebody counts those, and gives a permit before the pool is asked.
 *
 * Accounts whose limit can't be reached need none, and cost nothing.
 */
export class PermittedPool implements LeasePool {
  readonly #options: PermittedPoolOptions
  /** Requests that wait for a permit, or with it for a connection. */
  readonly #waiting = new Map<LeaseRequest, PermittedRequest>()
  /** The permit under which a connection is leased. */
  readonly #permits = new Map<ServerConnection, Permit>()

  constructor(options: PermittedPoolOptions) {
    this.#options = options
  }

  get failure(): string | null {
    return this.#options.pool.failure
  }

  parameters(): Promise<ReadonlyMap<string, string>> {
    return this.#options.pool.parameters()
  }

  acquire(request: LeaseRequest): ServerConnection | null {
    const { pool, permits, uncounted } = this.#options
    const limit = request.maxLeases
    if (limit === 0 || limit >= uncounted) return pool.acquire(request)
    const permitted = new PermittedRequest(request, limit, {
      granted: () => this.#granted(permitted),
      leased: (connection) => this.#leased(permitted, connection),
      refused: () => this.#refused(permitted),
    })
    this.#waiting.set(request, permitted)
    permits.ask(permitted)
    if (permitted.isGranted) return this.#leaseWith(permitted)
    permitted.wait(this.#options.queueTimeoutMs, () => {
      this.withdraw(request)
      request.refused(new GatewayError('CONCURRENCY_LIMITED', {}))
    })
    return null
  }

  withdraw(request: LeaseRequest): void {
    const permitted = this.#waiting.get(request)
    if (permitted === undefined) {
      this.#options.pool.withdraw(request)
      return
    }
    permitted.waitNoMore()
    this.#waiting.delete(request)
    if (permitted.isGranted) this.#options.pool.withdraw(permitted)
    this.#options.permits.giveBack(permitted)
  }

  release(connection: ServerConnection): void {
    this.#options.pool.release(connection)
  }

  discard(connection: ServerConnection): void {
    this.#options.pool.discard(connection)
  }

  /** The pool's: a connection isn't leased any more, whatever became of it. */
  leaseEnded(connection: ServerConnection): void {
    const permit = this.#permits.get(connection)
    if (permit === undefined) return
    this.#permits.delete(connection)
    this.#options.permits.giveBack(permit)
  }

  /** Whoever had to wait for it is told; `acquire` sees for itself. */
  #granted(permitted: PermittedRequest): void {
    if (!permitted.isWaiting) return
    permitted.waitNoMore()
    const connection = this.#leaseWith(permitted)
    if (connection !== null) permitted.request.leased(connection)
  }

  #leaseWith(permitted: PermittedRequest): ServerConnection | null {
    const connection = this.#options.pool.acquire(permitted)
    if (connection !== null) this.#leased(permitted, connection)
    return connection
  }

  #leased(permitted: PermittedRequest, connection: ServerConnection): void {
    this.#waiting.delete(permitted.request)
    this.#permits.set(connection, permitted)
  }

  #refused(permitted: PermittedRequest): void {
    this.#waiting.delete(permitted.request)
    this.#options.permits.giveBack(permitted)
  }
}

interface Outcome {
  granted(): void
  leased(connection: ServerConnection): void
  refused(): void
}

/** A request that asks for a permit, and with it for a connection. */
class PermittedRequest implements LeaseRequest, Permit {
  readonly request: LeaseRequest
  readonly key: string
  /** As it was when the permit was asked for. */
  readonly limit: number
  isGranted = false
  readonly #outcome: Outcome
  #timer: NodeJS.Timeout | null = null

  constructor(request: LeaseRequest, limit: number, outcome: Outcome) {
    this.request = request
    this.key = request.tenant
    this.limit = limit
    this.#outcome = outcome
  }

  get tenant(): string {
    return this.request.tenant
  }

  get weight(): number {
    return this.request.weight
  }

  get maxLeases(): number {
    return this.request.maxLeases
  }

  /** For the permit. */
  get isWaiting(): boolean {
    return this.#timer !== null
  }

  wait(ms: number, late: () => void): void {
    this.#timer = setTimeout(late, ms)
  }

  waitNoMore(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  granted(): void {
    this.isGranted = true
    this.#outcome.granted()
  }

  leased(connection: ServerConnection): void {
    this.#outcome.leased(connection)
    this.request.leased(connection)
  }

  refused(error: GatewayError): void {
    this.#outcome.refused()
    this.request.refused(error)
  }
}
