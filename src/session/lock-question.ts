import type { CompiledText } from '../sql/compiled.js'
import { ExpectedReply, type Origin, Request } from '../upstream/expected-replies.js'
import { HOLDS_LOCKS } from '../upstream/own-sql.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import { queryFrame } from '../upstream/server-frame.js'
import type { Pinning } from './pinning.js'

/** Asks the server whether a session still has an advisory lock, so that its connection can be given back as soon as it hasn't. */
export class LockQuestion implements Origin {
  readonly text: CompiledText | null = null
  readonly statement = null
  readonly #pinning: Pinning
  readonly #askedAfter: number

  constructor(pinning: Pinning) {
    this.#pinning = pinning
    this.#askedAfter = pinning.askedForLocks()
  }

  /** Outside of a transaction. An error is no answer: then the connection is kept. */
  static ask(connection: ServerConnection, pinning: Pinning): void {
    const reply = new ExpectedReply(Request.Query, 'swallow', new LockQuestion(pinning))
    connection.send(queryFrame(HOLDS_LOCKS), reply)
    connection.flush()
  }

  answered(commandTag: string): void {
    if (commandTag === 'SELECT 0') this.#pinning.locksAreGone(this.#askedAfter)
  }

  completes(): null {
    return null
  }

  settled(): void {
    // what it says is in its tag
  }
}
