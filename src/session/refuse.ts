import { statementRefused } from '../audit/refusal.js'
import { GatewayError } from '../core/errors.js'
import { IncidentId } from '../core/ids.js'
import { ExpectedReply, Request } from '../upstream/expected-replies.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import { REFUSED_FRAME, SYNC } from '../upstream/server-frame.js'
import { encodeError } from './error-message.js'
import { auditSubject } from './identity.js'
import type { Session } from './session.js'

/** A message that the gateway answers with an error itself. */
export interface Refused {
  readonly error: unknown
  /** The statement it is about, as the client wrote it; null where the error isn't about one. */
  readonly text: Buffer | null
  /** simple: a ReadyForQuery follows; extended: what follows is skipped up to a Sync. */
  readonly cycle: 'simple' | 'extended'
}

const SYNC_REPLY = new ExpectedReply(Request.Sync, 'relay')

/** Answers are about the protocol here, and not about what a tenant may do: PostgreSQL says the same. */
const NOT_AUDITED: ReadonlySet<string> = new Set([
  'STATEMENT_UNKNOWN',
  'STATEMENT_DUPLICATE',
  'PORTAL_UNKNOWN',
  'CANCELLED',
  'QUEUE_TIMEOUT',
  'COMPILER_BUSY',
  'AUDIT_UNAVAILABLE',
  'PREPARED_LIMITED',
  'UPSTREAM_UNAVAILABLE',
])
/** Whoever runs into these goes on trying: one in a second says it, and leaves the audit room for others. */
const AUDITED_ONCE_A_SECOND: ReadonlySet<string> = new Set(['RATE_LIMITED', 'CONCURRENCY_LIMITED'])
const SECOND_MS = 1_000
const auditedMs = new WeakMap<Session, number>()

/**
 * Answers a message with an error in its place, as the server would: a transaction that is open fails with it.
 *
 * Rethrows what isn't a GatewayError, and a FATAL one.
 */
export function refuse(session: Session, refused: Refused): void {
  const { error } = refused
  if (!(error instanceof GatewayError) || error.severity === 'FATAL') throw error
  recordRefusal(session, error, refused.text)
  session.metrics.refused(error.code)
  const bytes = encodeError(error)
  const { connection } = session
  if (connection === null) {
    session.write(bytes)
    if (refused.cycle === 'simple') session.write(session.lease.aftermath.readyForQuery)
    else session.skipping = true
    return
  }
  failInPlace(connection, bytes, refused.cycle)
  if (refused.cycle === 'extended') session.skipping = true
}

/** Has the server fail as if it had been sent the message; the client gets `bytes` for it. */
export function failInPlace(connection: ServerConnection, bytes: Buffer, cycle: Refused['cycle']): void {
  connection.send(REFUSED_FRAME, new ExpectedReply(Request.Parse, 'substitute', null, bytes))
  if (cycle === 'simple') connection.send(SYNC, SYNC_REPLY)
}

/** Writes a refusal to the audit, unless it is about the protocol alone; the error gets its incident id. */
export function recordRefusal(session: Session, error: GatewayError, text: Buffer | null): void {
  if (text === null || NOT_AUDITED.has(error.code) || isRepeated(session, error)) return
  const incident = IncidentId.create()
  error.incident = incident
  const subject = auditSubject(session.identity, session.settings.get('application_name'))
  const { audit, literals } = session.services
  audit.record(statementRefused({ error, incident, subject, text, literals }))
}

function isRepeated(session: Session, { code }: GatewayError): boolean {
  if (!AUDITED_ONCE_A_SECOND.has(code)) return false
  const nowMs = session.services.clock.monotonicMs()
  const isSoon = nowMs - (auditedMs.get(session) ?? Number.NEGATIVE_INFINITY) < SECOND_MS
  if (!isSoon) auditedMs.set(session, nowMs)
  return isSoon
}
