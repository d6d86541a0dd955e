import { GatewayError } from '../core/errors.js'
import type { ResultLimits } from '../limits/result-size.js'
import type { CompiledStatement } from '../sql/compiled.js'
import { type ExpectedReply, type Origin, Request } from '../upstream/expected-replies.js'
import type { Lessee, Loss } from '../upstream/lessee.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import { FLUSH } from '../upstream/server-frame.js'
import { decodeFrame } from '../wire/codec.js'
import type { Frame } from '../wire/frame.js'
import { frameView } from '../wire/frame.js'
import { CommandComplete } from '../wire/messages/command-complete.js'
import { ParameterStatus } from '../wire/messages/parameter-status.js'
import type { TransactionStatus } from '../wire/messages/ready-for-query.js'
import { Aftermath, lostState } from './aftermath.js'
import { noteCompletion } from './completion.js'
import { endCopy, startCopy } from './copy.js'
import { CORRECTION } from './correction.js'
import { CutShort } from './cut-short.js'
import { Discharge } from './discharge.js'
import { isFatalError, relayedError, relayedNotice, type ServerMessageContext } from './error-message.js'
import { LeaseWait } from './lease-wait.js'
import { LockQuestion } from './lock-question.js'
import { Notifications } from './notifications.js'
import { Patience } from './patience.js'
import { Pinning } from './pinning.js'
import { isReported } from './reported-settings.js'
import type { Session } from './session.js'

/** Requests that one client may have outstanding before it is read no further. */
const MAX_OUTSTANDING = 4_096
const PATH = ['search_path']

/** A session's hold on a server connection, from the first message of a transaction to its end, and what comes back. */
export class ServerLease implements Lessee {
  connection: ServerConnection | null = null
  /** Something outstanding may change what names mean. */
  namesAreUncertain = false
  /** What was sent, or bound to a portal, has to be answered before anything else is sent. */
  standsLast = false
  /** The cycle in which a timeout was lifted by the extended protocol: it is put right at its end. */
  liftedIn: number | null = null
  readonly pinning: Pinning
  /** Of a server connection that was lost. */
  readonly aftermath: Aftermath
  /** With a client that takes no rows. */
  readonly #patience = new Patience(() => this.#session.fail(new GatewayError('CLIENT_STALLED', {})))
  readonly #session: Session
  readonly #wait: LeaseWait
  readonly #cutShort: CutShort
  readonly #notifications = new Notifications()
  #settingsMayDiffer = false

  constructor(session: Session) {
    this.#session = session
    this.#wait = new LeaseWait(session, (connection) => this.#adopt(connection))
    this.aftermath = new Aftermath(session)
    this.#cutShort = new CutShort(session)
    this.pinning = new Pinning(session.services.poolMode === 'session', session.metrics)
  }

  /** No transaction is open, and nothing outstanding. */
  get isIdle(): boolean {
    return this.connection === null || this.connection.isIdle
  }

  /**
   * The connection to send to, or null: then the session is woken when there is one.
   *
   * Throws   QUEUE_TIMEOUT, CONCURRENCY_LIMITED, UPSTREAM_UNAVAILABLE once the wait was in vain
   */
  take(): ServerConnection | null {
    return this.connection ?? this.#wait.acquire()
  }

  get clientIsCongested(): boolean {
    return this.#session.outgoing.congested
  }

  /** The server takes no more for now, or has enough to answer. */
  get congested(): boolean {
    const connection = this.connection
    if (connection === null) return false
    if (connection.replies.length < MAX_OUTSTANDING) return connection.congested
    return !this.hasAllAnswers()
  }

  /** False as long as answers are outstanding; the server is asked for them, and the session woken when they come. */
  hasAllAnswers(): boolean {
    const { connection } = this
    if (connection === null) return true
    connection.answerSynthetic()
    if (connection.replies.length === 0) return true
    connection.send(FLUSH, null)
    return false
  }

  /**
   * True while something outstanding may turn out to be a COPY FROM, or to discard what is prepared; and between two cycles
   * while a result may turn out to be too large, whose error what was sent behind would not be stopped by.
   */
  mustWaitForAnswers(): boolean {
    const waits = this.standsLast || (this.resultLimits !== null && this.connection?.isMidCycle === false)
    return waits && this.#session.copy === null && !this.hasAllAnswers()
  }

  /** True until it is known for sure what names mean: what compiles now would compile for something else. */
  mustWaitForNames(): boolean {
    if (!this.namesAreUncertain && !this.#session.settings.isVolatile(PATH) && !this.pinning.held.isVolatile)
      return false
    if (!this.hasAllAnswers()) return true
    this.namesAreUncertain = false
    return false
  }

  cancel(): void {
    if (this.#wait.isWaiting) {
      this.#wait.withdraw()
      this.#wait.refused(new GatewayError('CANCELLED', {}))
    } else if (this.connection !== null && this.connection.replies.length > 0) this.connection.cancel()
  }

  /** The client has gone: a connection in the middle of something is never given back. */
  abandon(): void {
    const { services, metrics } = this.#session
    const { connection } = this
    this.#patience.end()
    this.#wait.withdraw()
    if (connection === null) return
    this.connection = null
    metrics.released()
    connection.lessee = null
    const { mustDiscard } = this.pinning
    this.pinning.released()
    if (connection.replies.length > 0) {
      connection.cancel()
      services.pool.discard(connection)
    } else new Discharge(services.pool, connection, mustDiscard).start()
  }

  get resultLimits(): ResultLimits | null {
    const { limits } = this.#session
    return limits.resultRows > 0 || limits.resultBytes > 0 ? limits : null
  }

  overran(limit: string, reply: ExpectedReply): void {
    this.#cutShort.begin(limit, reply)
  }

  endedBefore(status: TransactionStatus): void {
    if (this.connection !== null) this.#cutShort.endedBefore(this.connection, status)
  }

  relay(bytes: Buffer): void {
    this.#session.write(bytes)
  }

  statementOf(origin: Origin): CompiledStatement | null {
    this.#session.metrics.completed()
    return origin.completes()
  }

  commandComplete(frame: Frame, statement: CompiledStatement): void {
    const { commandTag } = decodeFrame(CommandComplete, frame)
    if (noteCompletion(this.#session, statement, commandTag)) this.#settingsMayDiffer = true
    const shown =
      statement.tag === null ? frameView(frame) : CommandComplete.encode({ commandTag: statement.tag })
    this.#session.write(shown)
  }

  /** So many rows were asked for that it may have more: whatever it calls has been called. */
  suspended(statement: CompiledStatement): void {
    if (noteCompletion(this.#session, statement, 'SELECT')) this.#settingsMayDiffer = true
  }

  copyIn(frame: Frame, origin: Origin): void {
    startCopy(this.#session, frame, origin)
  }

  error(frame: Frame, reply: ExpectedReply | undefined): void {
    if (this.connection !== null && isFatalError(frame)) {
      this.aftermath.ends(this.connection, frame)
      return
    }
    if (reply?.origin instanceof LockQuestion) return
    const refusal = endCopy(this.#session, frame)
    this.#session.settings.fail()
    this.pinning.failed()
    this.connection?.settings.fail()
    const own = reply?.mode === 'substitute' ? reply.bytes : (this.#cutShort.take() ?? refusal)
    if (own !== null) {
      this.#session.write(own)
      return
    }
    this.#session.metrics.failed()
    this.#session.write(relayedError(frame, this.#context(reply)))
    // without the session's settings nothing can run as it should
    if (reply?.mode === 'swallow' && reply.request === Request.Query) this.#session.close()
  }

  notice(frame: Frame, reply: ExpectedReply | undefined): void {
    if (reply?.mode !== 'swallow') this.#session.write(relayedNotice(frame, this.#context(reply)))
  }

  parameterStatus(frame: Frame, reply: ExpectedReply | undefined): void {
    if (reply?.mode === 'swallow' && reply.origin !== CORRECTION) return
    const { parameter } = decodeFrame(ParameterStatus, frame)
    if (isReported(parameter)) this.#session.write(frameView(frame))
  }

  notification(frame: Frame): void {
    const server = this.connection?.processId ?? 0
    const { held } = this.pinning
    const processIds = { server, client: this.#session.processId }
    const shown = this.#notifications.translate(frame, { held, tenant: this.#wait.tenant, processIds })
    if (shown !== null) this.#session.write(shown)
  }

  ready(status: TransactionStatus): void {
    this.#session.settings.ready(status)
    this.pinning.ready(status)
    this.connection?.settings.ready(status)
    if (this.#settingsMayDiffer) this.#correctSettings(status)
    if (status !== 'I') return
    if (this.#session.portals.size > 0) this.#session.portals.clear()
    if (this.isIdle) this.standsLast = false
  }

  idle(): void {
    const connection = this.connection
    if (connection === null) return
    this.#session.flush()
    if (this.pinning.mustAskForLocks) LockQuestion.ask(connection, this.pinning)
    else if (!this.pinning.keeps) this.#release(connection)
    this.#session.endIfAsked()
    this.#session.wake()
  }

  pause(): void {
    this.#session.flush()
    if (this.clientIsCongested) this.#patience.begin(this.#session.limits.statementTimeoutMs)
    this.#session.wake()
  }

  drained(): void {
    this.#session.wake()
  }

  /** All that was written has left: more may come. */
  clientDrained(): void {
    this.#patience.end()
    this.connection?.resume()
  }

  lost(cause: Error, loss: Loss): void {
    const { connection } = this
    const state = lostState(this.pinning.held)
    this.connection = null
    this.#session.metrics.released()
    this.pinning.released()
    this.#cutShort.take()
    if (connection !== null) this.aftermath.lost({ ...loss, ...state, connection, cause })
  }

  #release(connection: ServerConnection): void {
    const { pool } = this.#session.services
    this.connection = null
    connection.lessee = null
    this.#session.metrics.released()
    if (this.pinning.mustDiscard) new Discharge(pool, connection, true).start()
    else pool.release(connection)
    this.pinning.released()
  }

  #adopt(connection: ServerConnection): void {
    this.namesAreUncertain = false
    this.standsLast = false
    this.liftedIn = null
    this.connection = connection
    connection.lessee = this
    connection.adopt(this.#wait.tenant, this.#session.settings.values)
    this.aftermath.adopted(connection)
    this.#session.metrics.leased()
  }

  /** RESET gave the server's default where the startup packet had another; a timeout was set above its limit. */
  #correctSettings(status: TransactionStatus): void {
    const { connection } = this
    // in the middle of a pipeline the server may be skipping; and version 18 would keep the transaction open behind it
    if (connection === null || status === 'E' || connection.isMidCycle) return
    this.#settingsMayDiffer = false
    // between transactions the next lease sees to it
    if (status === 'T' || connection.replies.length > 0 || this.pinning.keeps)
      connection.correct(this.#session.settings.values, CORRECTION)
  }

  #context(reply: ExpectedReply | undefined): ServerMessageContext {
    const { tenants } = this.#session
    return { tenants, text: reply?.origin?.text ?? null, statement: reply?.origin?.statement ?? null }
  }
}
