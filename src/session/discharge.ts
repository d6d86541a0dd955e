import { ExpectedReply, Request } from '../upstream/expected-replies.js'
import type { Lessee } from '../upstream/lessee.js'
import { ROLLBACK } from '../upstream/own-sql.js'
import type { LeasePool } from '../upstream/pool.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import { queryFrame, SYNC } from '../upstream/server-frame.js'

/** A server that takes longer is stuck, or can't be reached any more: the pool does better without the connection. */
const LIMIT_MS = 10_000

/** Brings a connection whose client has left back to where the next one may have it: its transaction is rolled back. */
export class Discharge implements Lessee {
  readonly clientIsCongested = false
  readonly resultLimits = null
  readonly #pool: LeasePool
  readonly #connection: ServerConnection
  readonly #discards: boolean
  #limit: NodeJS.Timeout | null = null

  /** `discards`: the client had the connection for its whole session, and may have left anything on it. */
  constructor(pool: LeasePool, connection: ServerConnection, discards: boolean) {
    this.#pool = pool
    this.#discards = discards
    this.#connection = connection
  }

  start(): void {
    const connection = this.#connection
    if (connection.isIdle && !this.#discards) {
      this.#pool.release(connection)
      return
    }
    connection.lessee = this
    this.#limit = setTimeout(() => this.error(), LIMIT_MS).unref()
    if (!connection.isIdle) this.#rollBack()
    if (this.#discards) connection.discardAll()
    connection.flush()
  }

  #rollBack(): void {
    const connection = this.#connection
    connection.settings.apply([{ kind: 'rollback' }], 'ROLLBACK')
    // a Sync alone would commit what has no BEGIN
    if (connection.replies.skips) connection.send(SYNC, new ExpectedReply(Request.Sync, 'swallow'))
    connection.send(queryFrame(ROLLBACK), new ExpectedReply(Request.Query, 'swallow'))
  }

  idle(): void {
    this.lost()
    this.#connection.lessee = null
    this.#pool.release(this.#connection)
  }

  error(): void {
    this.lost()
    this.#connection.lessee = null
    this.#pool.discard(this.#connection)
  }

  statementOf(): null {
    return null
  }

  // nobody is left to be told
  commandComplete(): void {}
  relay(): void {}
  notice(): void {}
  parameterStatus(): void {}
  ready(): void {}
  pause(): void {}
  drained(): void {}

  lost(): void {
    clearTimeout(this.#limit ?? undefined)
  }
}
