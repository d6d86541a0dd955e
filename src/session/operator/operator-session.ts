import type { Socket } from 'node:net'
import type { AuditSubject } from '../../audit/event.js'
import { statementForwarded } from '../../audit/forwarded.js'
import { GatewayError } from '../../core/errors.js'
import type { SessionMetrics } from '../../metrics/metrics.js'
import { Outgoing } from '../../upstream/outgoing.js'
import type { ServerConnection } from '../../upstream/server-connection.js'
import { FLUSH } from '../../upstream/server-frame.js'
import type { Conversation } from '../client-loop.js'
import type { CopyPhase } from '../copy-phase.js'
import { Ending, type Urgency } from '../ending.js'
import { encodeError } from '../error-message.js'
import { hangUp } from '../hang-up.js'
import { auditSubject, type OperatorIdentity, tenantLabel } from '../identity.js'
import { failInPlace } from '../refuse.js'
import type { RegisteredSession } from '../registry.js'
import type { SessionServices } from '../services.js'
import { Names } from './names.js'
import { RawReplies } from './raw-replies.js'
import type { Run } from './run.js'
import { TimeLimits } from './time-limits.js'

/** Requests that may be outstanding before the client is read no further. */
const MAX_OUTSTANDING = 4_096

export interface OperatorSessionOptions {
  readonly socket: Socket
  readonly services: SessionServices
  readonly identity: OperatorIdentity
  /** Of `services.operators`; the session's from its first to its last message. */
  readonly connection: ServerConnection
}

/**
 * An operator that is logged in: its messages go to a server connection of its own as they are, and what the server says
 * comes back as it is. Every statement is written to the audit before it is sent.
 */
export class OperatorSession implements Conversation, RegisteredSession {
  readonly services: SessionServices
  readonly identity: OperatorIdentity
  readonly metrics: SessionMetrics
  readonly connection: ServerConnection
  readonly outgoing: Outgoing
  readonly statements = new Names()
  readonly portals = new Names()
  /** The COPY … FROM STDIN whose rows the server waits for. */
  copy: CopyPhase | null = null
  /** What was sent may turn out to be a COPY: it has to be answered before anything else is sent. */
  #standsLast = false
  #schemaMayDiffer = false
  readonly #limits: TimeLimits
  readonly #socket: Socket
  #wake: () => void = () => {}
  readonly #ending = new Ending()
  #ended = false

  constructor({ socket, services, identity, connection }: OperatorSessionOptions) {
    this.services = services
    this.identity = identity
    this.metrics = services.metrics.session(tenantLabel(identity.reach), identity.login.kind)
    this.connection = connection
    this.outgoing = new Outgoing(socket)
    this.#socket = socket
    this.#limits = new TimeLimits(services.operators.times, this)
    connection.lessee = new RawReplies(this)
    socket.on('drain', () => this.#drained())
    this.metrics.opened()
    this.metrics.leased()
  }

  get hasEnded(): boolean {
    return this.#ended
  }

  get isWaiting(): boolean {
    return this.connection.replies.length === 0
  }

  get congested(): boolean {
    if (this.outgoing.congested || this.connection.congested) return true
    return this.connection.replies.length >= MAX_OUTSTANDING && !this.hasAllAnswers()
  }

  get subject(): AuditSubject {
    return auditSubject(this.identity, this.connection.parameters.get('application_name'))
  }

  onWake(wake: () => void): void {
    this.#wake = wake
  }

  wake(): void {
    this.#wake()
  }

  write(bytes: Buffer): void {
    this.outgoing.push(bytes)
  }

  flush(): void {
    const sent = this.outgoing.flush()
    if (sent > 0) this.metrics.sent(sent)
  }

  /** False as long as answers are outstanding; the server is asked for them, and the session woken when they come. */
  hasAllAnswers(): boolean {
    if (this.connection.replies.length === 0) return true
    this.connection.send(FLUSH, null)
    return false
  }

  /** True while something outstanding may turn out to be a COPY FROM: nothing may stand behind it on the wire. */
  mustWaitForAnswers(): boolean {
    return this.#standsLast && this.copy === null && !this.hasAllAnswers()
  }

  /** False where it isn't certain yet what a name stands for; the session is woken when it is. */
  knows(names: Names, name: string): boolean {
    return names.isSettled(name, this.connection.cycle) || this.hasAllAnswers()
  }

  /** Writes a statement to the audit, and to be sent next it is then. False: there was no room, and an error stands in its place. */
  begin(run: Run, cycle: 'simple' | 'extended'): boolean {
    if (!this.#record(run)) {
      const error = new GatewayError('AUDIT_UNAVAILABLE', {})
      this.metrics.refused(error.code)
      failInPlace(this.connection, encodeError(error), cycle)
      return false
    }
    if (run.mayTakeRows) this.#standsLast = true
    if (run.mayChangeSchema) this.#schemaMayDiffer = true
    return true
  }

  #record({ text, isUnderstood }: Run): boolean {
    const { audit, literals } = this.services
    const { parameters } = this.connection
    // otherwise the server takes words for strings that are read as words here
    const isReadAlike =
      parameters.get('standard_conforming_strings') === 'on' && parameters.get('client_encoding') === 'UTF8'
    const trusted = isUnderstood && isReadAlike ? text.length : 0
    return audit.record(statementForwarded({ subject: this.subject, text, trusted, literals }))
  }

  /** A message of the client's is handled. */
  touch(): void {
    this.#limits.touch()
  }

  /** Nothing is outstanding, no transaction open. */
  transactionEnded(): void {
    this.#standsLast = false
    // portals end with their transaction
    this.portals.forget('all')
    this.touch()
    this.#tellOfSchema()
    this.flush()
    this.endIfAsked()
    this.wake()
  }

  cancel(): void {
    if (this.connection.replies.length > 0) this.connection.cancel()
  }

  expire(reason: 'IDLE_TIMEOUT' | 'SESSION_EXPIRED'): void {
    const error = new GatewayError(reason, {})
    if (reason === 'IDLE_TIMEOUT') this.fail(error)
    else this.end(error)
  }

  end(error: GatewayError, urgency: Urgency = 'message'): void {
    this.#ending.order(error, urgency)
    if (this.connection.isIdle) this.endIfAsked()
  }

  /** True where the session is over. */
  endIfAsked(): boolean {
    const reason = this.#ending.isOrdered ? this.#ending.due(this.connection.isIdle) : null
    if (reason !== null) this.fail(reason)
    return this.#ended
  }

  /** In the middle of a row without a word, which would be taken for the row's. */
  fail(error: GatewayError): void {
    if (this.#ended) return
    if (!this.connection.isMidMessage) this.write(encodeError(error))
    this.close()
  }

  /** The server connection ends with the session; what it still runs is cancelled. Idempotent. */
  close(): void {
    if (this.#ended) return
    this.#ended = true
    this.#limits.stop()
    this.flush()
    this.connection.lessee = null
    this.services.operators.close(this.connection)
    this.#tellOfSchema()
    hangUp(this.#socket)
    this.metrics.released()
    this.metrics.closed()
  }

  /** The database announces it as well, where it could be told to. */
  #tellOfSchema(): void {
    if (this.#schemaMayDiffer) this.services.schemaChanged()
    this.#schemaMayDiffer = false
  }

  #drained(): void {
    this.connection.resume()
    this.wake()
  }
}
