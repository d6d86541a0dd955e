import { ExpectedReply, type Origin, Request } from './expected-replies.js'
import type { ServerConnection } from './server-connection.js'
import { SYNC } from './server-frame.js'

const LIMIT_MS = 5_000

/**
 * Asks a server connection for a sign of life; without one it is ended, whoever has it by then.
 *
 * A Sync does nothing but to be answered. It stands in front of whatever comes next: the connection may be lent meanwhile.
 */
export class HealthCheck implements Origin {
  readonly text = null
  readonly statement = null
  readonly #limit: NodeJS.Timeout

  private constructor(connection: ServerConnection, limitMs: number) {
    this.#limit = setTimeout(
      () => connection.destroy(new Error('the server does not answer any more')),
      limitMs,
    )
  }

  static start(connection: ServerConnection, limitMs = LIMIT_MS): void {
    const check = new HealthCheck(connection, limitMs)
    connection.send(SYNC, new ExpectedReply(Request.Sync, 'swallow', check))
    connection.flush()
  }

  completes(): null {
    return null
  }

  settled(): void {
    clearTimeout(this.#limit)
  }
}
