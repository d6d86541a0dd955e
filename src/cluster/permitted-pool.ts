import { GatewayError } from '../core/errors.js'
import type { LeasePool, LeaseRequest } from '../upstream/pool.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import type { ToPrimary, ToWorker } from './messages.js'

export interface PermittedPoolOptions {
  readonly pool: LeasePool
  /** Leases that one account could have in all processes together if nobody counted. */
  readonly uncounted: number
  /** How long somebody waits for a permit. */
  readonly queueTimeoutMs: number
  readonly send: (message: ToPrimary) => void
}

/**
 * A worker's pool, where an account may have fewer leases than the workers together could give it: the primary process
 * counts those, and gives a permit before the pool is asked.
 *
 * Accounts whose limit can't be reached need none, and cost nothing.
 */
export class PermittedPool implements LeasePool {
  readonly #options: PermittedPoolOptions
  /** Requests that wait for a permit, or with it for a connection. */
  readonly #waiting = new Map<LeaseRequest, PermittedRequest>()
  /** Those that wait for a permit, by its number. */
  readonly #asking = new Map<number, PermittedRequest>()
  /** The permit under which a connection is leased. */
  readonly #permits = new Map<ServerConnection, number>()
  #last = 0

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
    const { pool, uncounted, queueTimeoutMs, send } = this.#options
    const { tenant: key, maxLeases: limit } = request
    if (limit === 0 || limit >= uncounted) return pool.acquire(request)
    this.#last += 1
    const id = this.#last
    const timer = setTimeout(() => {
      this.withdraw(request)
      request.refused(new GatewayError('CONCURRENCY_LIMITED', {}))
    }, queueTimeoutMs)
    const permitted = new PermittedRequest(request, id, timer, {
      leased: (connection) => {
        this.#waiting.delete(request)
        this.#permits.set(connection, id)
      },
      refused: () => {
        this.#waiting.delete(request)
        send({ kind: 'give-back', id })
      },
    })
    this.#waiting.set(request, permitted)
    this.#asking.set(id, permitted)
    send({ kind: 'permit', id, key, limit })
    return null
  }

  withdraw(request: LeaseRequest): void {
    const permitted = this.#waiting.get(request)
    if (permitted === undefined) {
      this.#options.pool.withdraw(request)
      return
    }
    clearTimeout(permitted.timer)
    this.#waiting.delete(request)
    if (!this.#asking.delete(permitted.id)) this.#options.pool.withdraw(permitted)
    this.#options.send({ kind: 'give-back', id: permitted.id })
  }

  release(connection: ServerConnection): void {
    this.#options.pool.release(connection)
  }

  discard(connection: ServerConnection): void {
    this.#options.pool.discard(connection)
  }

  /** The pool's: a connection isn't leased any more, whatever became of it. */
  leaseEnded(connection: ServerConnection): void {
    const id = this.#permits.get(connection)
    if (id === undefined) return
    this.#permits.delete(connection)
    this.#options.send({ kind: 'give-back', id })
  }

  told(message: ToWorker): void {
    if (message.kind !== 'granted') return
    const permitted = this.#asking.get(message.id)
    // who has gone meanwhile has given it back already
    if (permitted === undefined) return
    this.#asking.delete(message.id)
    clearTimeout(permitted.timer)
    const connection = this.#options.pool.acquire(permitted)
    if (connection !== null) permitted.leased(connection)
  }
}

interface Outcome {
  leased(connection: ServerConnection): void
  refused(): void
}

/** A request with a permit, as the pool sees it. */
class PermittedRequest implements LeaseRequest {
  readonly tenant: string
  readonly id: number
  /** Ends the wait for the permit. */
  readonly timer: NodeJS.Timeout
  readonly #request: LeaseRequest
  readonly #outcome: Outcome

  constructor(request: LeaseRequest, id: number, timer: NodeJS.Timeout, outcome: Outcome) {
    this.tenant = request.tenant
    this.id = id
    this.timer = timer
    this.#request = request
    this.#outcome = outcome
  }

  get weight(): number {
    return this.#request.weight
  }

  get maxLeases(): number {
    return this.#request.maxLeases
  }

  leased(connection: ServerConnection): void {
    this.#outcome.leased(connection)
    this.#request.leased(connection)
  }

  refused(error: GatewayError): void {
    this.#outcome.refused()
    this.#request.refused(error)
  }
}
