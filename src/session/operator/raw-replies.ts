import { GatewayError } from '../../core/errors.js'
import type { ExpectedReply, Origin } from '../../upstream/expected-replies.js'
import type { Lessee } from '../../upstream/lessee.js'
import { type Frame, frameView } from '../../wire/frame.js'
import { afterCopy, CopyPhase } from '../copy-phase.js'
import { isFatalError } from '../error-message.js'
import type { OperatorSession } from './operator-session.js'

/** What the server says to an operator, handed on as it is. */
export class RawReplies implements Lessee {
  readonly resultLimits = null
  readonly #session: OperatorSession

  constructor(session: OperatorSession) {
    this.#session = session
  }

  get clientIsCongested(): boolean {
    return this.#session.outgoing.congested
  }

  relay(bytes: Buffer): void {
    this.#session.write(bytes)
  }

  statementOf(origin: Origin): null {
    this.#session.metrics.completed()
    origin.completes()
    return null
  }

  copyIn(frame: Frame): void {
    this.#session.copy = new CopyPhase()
    this.#session.write(frameView(frame))
  }

  error(frame: Frame, reply: ExpectedReply | undefined): void {
    const session = this.#session
    const { copy } = session
    session.copy = null
    if (copy !== null) afterCopy(session, copy, frame)
    if (reply?.mode === 'substitute' && reply.bytes !== null) {
      session.write(reply.bytes)
      return
    }
    session.metrics.failed()
    session.write(frameView(frame))
    if (isFatalError(frame)) session.close()
  }

  notice(frame: Frame): void {
    this.#session.write(frameView(frame))
  }

  parameterStatus(frame: Frame): void {
    this.#session.write(frameView(frame))
  }

  notification(frame: Frame): void {
    this.#session.write(frameView(frame))
  }

  idle(): void {
    this.#session.transactionEnded()
  }

  pause(): void {
    this.#session.flush()
    this.#session.wake()
  }

  drained(): void {
    this.#session.wake()
  }

  lost(cause: Error): void {
    this.#session.fail(new GatewayError('SESSION_LOST', {}, { cause }))
  }

  // rows aren't counted, commands complete as they are, and settings are the server's own business
  commandComplete(): void {}
  ready(): void {}
}
