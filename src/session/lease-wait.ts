import type { GatewayError } from '../core/errors.js'
import type { LeaseRequest } from '../upstream/pool.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import type { Session } from './session.js'

/** A session's place in the pool's queue; its limits count as they are when somebody asks. */
export class LeaseWait implements LeaseRequest {
  readonly tenant: string
  readonly #session: Session
  readonly #adopt: (connection: ServerConnection) => void
  #waiting = false
  #refusal: GatewayError | null = null

  constructor(session: Session, adopt: (connection: ServerConnection) => void) {
    this.tenant = session.account
    this.#session = session
    this.#adopt = adopt
  }

  get isWaiting(): boolean {
    return this.#waiting
  }

  get maxLeases(): number {
    return this.#session.limits.concurrentQueries
  }

  get weight(): number {
    return this.#session.limits.weight
  }

  /**
   * A connection, or null: then the session is woken when there is one.
   *
   * Throws   QUEUE_TIMEOUT, CONCURRENCY_LIMITED, UPSTREAM_UNAVAILABLE once the wait was in vain
   */
  acquire(): ServerConnection | null {
    if (this.#waiting) return null
    this.#throwRefusal()
    const connection = this.#session.services.pool.acquire(this)
    if (connection === null) this.#waiting = true
    else this.#adopt(connection)
    return connection
  }

  withdraw(): void {
    if (this.#waiting) this.#session.services.pool.withdraw(this)
    this.#waiting = false
  }

  leased(connection: ServerConnection): void {
    this.#waiting = false
    this.#adopt(connection)
    this.#session.wake()
  }

  refused(error: GatewayError): void {
    this.#waiting = false
    this.#refusal = error
    this.#session.wake()
  }

  #throwRefusal(): void {
    const refusal = this.#refusal
    this.#refusal = null
    if (refusal !== null) throw refusal
  }
}
