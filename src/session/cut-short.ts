import { GatewayError } from '../core/errors.js'
import type { ExpectedReply } from '../upstream/expected-replies.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import type { TransactionStatus } from '../wire/messages/ready-for-query.js'
import { encodeError } from './error-message.js'
import { readyForQuery } from './final-answers.js'
import { recordRefusal } from './refuse.js'
import type { Session } from './session.js'

const HINT = 'Ask for less at a time: with LIMIT, or from a cursor.'

/**
 * A result that is larger than the tenant may have: the client gets an error in the place of the rest, while the server is
 * told to cancel.
 */
export class CutShort {
  readonly #session: Session
  /** Written once the server has said how the statement ended. */
  #error: Buffer | null = null

  constructor(session: Session) {
    this.#session = session
  }

  begin(limit: string, reply: ExpectedReply): void {
    const error = new GatewayError('RESULT_LIMITED', { limit }, { hint: HINT })
    recordRefusal(this.#session, error, reply.origin?.written?.() ?? null)
    this.#session.metrics.refused(error.code)
    this.#error = encodeError(error)
  }

  /** What the client gets instead of the server's error; null where that is no result's that was cut short. */
  take(): Buffer | null {
    const error = this.#error
    this.#error = null
    return error
  }

  /**
   * The server had sent everything before it could be told. Outside of a transaction that changes nothing any more; a
   * transaction fails as it would have; with its connection, where statements were sent behind.
   */
  endedBefore(connection: ServerConnection, status: TransactionStatus): void {
    const session = this.#session
    const error = this.take()
    if (status === 'T' && connection.replies.length > 1) {
      connection.end(new Error('statements were sent behind a transaction that has to fail'))
      return
    }
    if (error !== null) session.write(error)
    session.write(readyForQuery(status !== 'I'))
    if (status === 'T') connection.failInTransaction()
  }
}
