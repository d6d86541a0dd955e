import { IncidentId } from '../core/ids.js'
import type { AuditSubject, StatementForwarded } from './event.js'
import { redact } from './redact.js'

export interface Forwarding {
  readonly subject: AuditSubject
  /** The client's text. */
  readonly text: Buffer
  /** How much of it is known to be SQL as it is read here; see `redact`. Units: bytes from its start. */
  readonly trusted: number
  readonly literals: 'redact' | 'keep'
}

/** As much as a text that is redacted keeps. */
const MAX_BYTES = 65_536

/** The audit event of a statement that is about to be sent. */
export function statementForwarded({ subject, text, trusted, literals }: Forwarding): StatementForwarded {
  const { sql, fingerprint } = redact(text, trusted)
  return {
    kind: 'statement',
    incident: IncidentId.create(),
    subject,
    fingerprint,
    sql: literals === 'keep' ? beginning(text) : sql,
  }
}

function beginning(text: Buffer): string {
  return text.length > MAX_BYTES ? `${text.toString('utf8', 0, MAX_BYTES)} …` : text.toString('utf8')
}
