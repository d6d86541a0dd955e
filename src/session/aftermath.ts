import { GatewayError } from '../core/errors.js'
import type { Loss } from '../upstream/lessee.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import { decodeFrame } from '../wire/codec.js'
import type { Frame } from '../wire/frame.js'
import { ErrorResponse } from '../wire/messages/error-response.js'
import { encodeError } from './error-message.js'
import { FinalAnswers, readyForQuery } from './final-answers.js'
import type { HeldState } from './held-state.js'
import type { Session } from './session.js'

const DETAIL =
  'The session goes on, with another server connection. A transaction that was open is rolled back; of a statement that was on its way it is not known whether it took effect.'
const HELD_DETAIL = `${DETAIL} Temporary tables, cursors, locks and statements prepared by SQL are gone.`

/** A server connection that is gone, as far as its session is concerned. */
export interface LostConnection extends Loss {
  readonly connection: ServerConnection
  readonly cause: Error
  /** It was the session's own, for what it held. */
  readonly wasHeld: boolean
  /** Whoever listens may never say anything again. */
  readonly wasListening: boolean
}

/**
 * What becomes of a session whose server connection is lost: it goes on, and is told.
 *
 * What was outstanding is answered with the error. A transaction fails with its connection, and stays failed until the
 * client ends it, as after any error: whoever has sent its statements ahead, or doesn't look at errors, would otherwise
 * have the rest of it committed one by one.
 */
export class Aftermath {
  readonly #session: Session
  #untold: GatewayError | null = null
  #isFailed = false
  /** The SQLSTATE with which the server ended the connection. */
  #lastWord: string | null = null

  constructor(session: Session) {
    this.#session = session
  }

  /** What ends a cycle while the session has no server connection. */
  get readyForQuery(): Buffer {
    return readyForQuery(this.#isFailed)
  }

  /** Whether the client has to hear something with its next message. */
  get hasUntold(): boolean {
    return this.#untold !== null
  }

  /** What that is; once. */
  takeUntold(): GatewayError | null {
    const error = this.#untold
    this.#untold = null
    return error
  }

  /** The server says why it hangs up. */
  ends(connection: ServerConnection, frame: Frame): void {
    const { fields } = decodeFrame(ErrorResponse, frame)
    this.#lastWord = fields.get('C') ?? null
    this.#session.metrics.failed()
    connection.end(new Error(fields.get('M') ?? 'the server ended the connection'))
  }

  lost(lost: LostConnection): void {
    const session = this.#session
    if (lost.place === 'clean' && !lost.wasListening) {
      this.#goOn(lost)
      session.flush()
      session.endIfAsked()
      session.wake()
      return
    }
    if (lost.place !== 'broken') session.fail(new GatewayError('SESSION_LOST', {}, { cause: lost.cause }))
    session.close()
  }

  /** The transaction that has failed goes on failing, on another server connection: that does the rest. */
  adopted(connection: ServerConnection): void {
    if (!this.#isFailed) return
    this.#isFailed = false
    connection.failTransaction()
  }

  #goOn({ connection, cause, unanswered, wasHeld }: LostConnection): void {
    const session = this.#session
    const error = lossError(this.#lastWord, cause, wasHeld)
    this.#lastWord = null
    const hadFailed = connection.status === 'E'
    const isOpen = connection.status !== 'I'
    const write = (bytes: Buffer) => session.write(bytes)
    const answers = new FinalAnswers(encodeError(error), { isOpen, write })
    for (const reply of unanswered) answers.answer(reply)
    if (connection.isMidCycle) answers.fail()
    // a server that hadn't begun to read rows would answer these now
    const syncs = session.copy?.hasRows === false ? session.copy.ignoredSyncs : 0
    for (let i = 0; i < syncs; i += 1) answers.end()
    session.skipping = answers.isUnended
    this.#isFailed = answers.isOpen
    forgetTransaction(session)
    const wasIdle = unanswered.length === 0 && !connection.isMidCycle
    if (wasIdle && ((isOpen && !hadFailed) || wasHeld)) this.#untold = error
  }
}

/** What a session had on its server connection. */
export function lostState(held: HeldState): Pick<LostConnection, 'wasHeld' | 'wasListening'> {
  return { wasHeld: !held.isEmpty, wasListening: held.names('channel').length > 0 }
}

function forgetTransaction(session: Session): void {
  session.copy = null
  session.settings.fail()
  session.settings.ready('I')
  session.portals.clear()
  session.prepared.clear()
  // whatever is bound isn't any more
  session.unnamedPortal.querying()
}

/** With the server's SQLSTATE, where it had one; not as FATAL, since the session goes on. */
function lossError(sqlstate: string | null, cause: Error, wasHeld: boolean): GatewayError {
  const context = { cause, detail: wasHeld ? HELD_DETAIL : DETAIL }
  if (sqlstate === '57P01') return new GatewayError('UPSTREAM_SHUT_DOWN', {}, context)
  if (sqlstate === '57P02') return new GatewayError('UPSTREAM_CRASHED', {}, context)
  if (sqlstate === '25P03') return new GatewayError('TRANSACTION_IDLE', {}, context)
  if (sqlstate === '25P04') return new GatewayError('TRANSACTION_TOO_LONG', {}, context)
  return new GatewayError('UPSTREAM_LOST', {}, context)
}
