import type { Clock } from '../core/clock.js'
import { GatewayError } from '../core/errors.js'
import { type Claim, FairQueue } from '../limits/fair-queue.js'
import type { ServerConnection } from './server-connection.js'

/** Somebody who needs a connection, and hears about it later if there is none now. */
export interface LeaseRequest extends Claim {
  leased(connection: ServerConnection): void
  refused(error: GatewayError): void
}

export interface WaitingRoomOptions {
  /** Server connections of one tenant. */
  readonly perTenant: number
  readonly queueTimeoutMs: number
  readonly clock: Clock
  /** Units: s. */
  readonly waited: (seconds: number) => void
  /** Why a wait was in vain, where it isn't that all connections are busy. */
  readonly obstacle: () => GatewayError | null
}

const OWN_HINT = 'Try again when one of the statements or transactions that run has ended.'
const HINT = 'Try again; end transactions as soon as their work is done.'

interface Waiter {
  readonly sinceMs: number
  readonly timer: NodeJS.Timeout
}

/** Who waits for a server connection, and for how long; whose turn it is, the fair queue says. */
export class WaitingRoom {
  readonly #options: WaitingRoomOptions
  readonly #queue: FairQueue<LeaseRequest>
  readonly #waiters = new Map<LeaseRequest, Waiter>()

  constructor(options: WaitingRoomOptions) {
    this.#options = options
    this.#queue = new FairQueue(options.perTenant)
  }

  /** Requests that wait. */
  get length(): number {
    return this.#queue.length
  }

  /** Requests that wait for nothing but a connection. */
  get demand(): number {
    return this.#queue.demand
  }

  /** Begins a lease without a wait, if nobody has to be served before; else false. */
  tryStart(request: LeaseRequest): boolean {
    if (!this.#queue.tryStart(request, this.#now())) return false
    this.#options.waited(0)
    return true
  }

  /** It is refused once it has waited too long. */
  push(request: LeaseRequest): void {
    const sinceMs = this.#now()
    const timer = setTimeout(() => this.#timeOut(request), this.#options.queueTimeoutMs)
    this.#waiters.set(request, { sinceMs, timer })
    this.#queue.push(request, sinceMs)
  }

  /** One that doesn't wait is left alone. */
  delete(request: LeaseRequest): void {
    if (this.#queue.delete(request, this.#now())) this.#stopWaiting(request)
  }

  /** Begins the lease of whoever is next. */
  next(): LeaseRequest | undefined {
    const now = this.#now()
    const request = this.#queue.next(now)
    if (request !== undefined) this.#options.waited((now - this.#stopWaiting(request)) / 1_000)
    return request
  }

  /** A lease of the tenant's is over. */
  end(tenant: string, nowMs: number): void {
    this.#queue.end(tenant, nowMs)
  }

  refuseAll(error: GatewayError): void {
    for (const request of this.#queue.drain(this.#now())) {
      this.#stopWaiting(request)
      request.refused(error)
    }
  }

  /** Looks again at limits, which may have changed. */
  review(): void {
    this.#queue.review(this.#now())
  }

  #timeOut(request: LeaseRequest): void {
    const waitMs = this.#options.queueTimeoutMs
    const isOwnLimit = request.maxLeases > 0 && this.#queue.isCapped(request)
    this.delete(request)
    const obstacle = isOwnLimit
      ? new GatewayError('CONCURRENCY_LIMITED', {}, { hint: OWN_HINT })
      : this.#options.obstacle()
    request.refused(obstacle ?? new GatewayError('QUEUE_TIMEOUT', { waitMs }, { hint: HINT }))
  }

  #stopWaiting(request: LeaseRequest): number {
    const waiter = this.#waiters.get(request)
    clearTimeout(waiter?.timer)
    this.#waiters.delete(request)
    return waiter?.sinceMs ?? 0
  }

  #now(): number {
    return this.#options.clock.monotonicMs()
  }
}
