import { ERRORS, type GatewayError } from '../core/errors.js'
import type { IncidentId } from '../core/ids.js'
import type { AuditSubject, StatementRefused } from './event.js'
import { redact } from './redact.js'

export interface Refusal {
  readonly error: GatewayError
  readonly incident: IncidentId
  readonly subject: AuditSubject
  /** The client's text, UTF-8 if it was valid. */
  readonly text: Buffer
  readonly literals: 'redact' | 'keep'
}

/** The audit event of a statement that was refused. */
export function statementRefused({ error, incident, subject, text, literals }: Refusal): StatementRefused {
  const { sql, fingerprint } = redact(text, trustedBytes(error, text))
  return {
    kind: 'statement_refused',
    incident,
    subject,
    sqlstate: error.sqlstate,
    reason: error.code,
    message: literals === 'keep' ? error.message : redactMessage(error),
    position: error.position ?? null,
    fingerprint,
    sql: literals === 'keep' ? text.toString('utf8') : sql,
  }
}

/** How much of the text the parser took for SQL; see `redact`. */
function trustedBytes(error: GatewayError, text: Buffer): number {
  switch (error.code) {
    case 'SYNTAX_ERROR':
      return error.position === undefined ? 0 : byteOffset(text, error.position)
    case 'INVALID_ENCODING':
    case 'STATEMENT_TOO_LARGE':
    case 'STATEMENT_TOO_COMPLEX':
    case 'INTERNAL':
      return 0
    default:
      return text.length
  }
}

/** Units: `position` is a 1-based code point of the text, the result a byte of it. */
function byteOffset(text: Buffer, position: number): number {
  let characters = 0
  for (let at = 0; at < text.length; at++) {
    const continues = ((text[at] ?? 0) & 0xc0) === 0x80
    if (!continues) characters += 1
    if (characters === position) return at
  }
  return text.length
}

/** These messages quote the client's text; all others name relations, functions and the like. */
function redactMessage(error: GatewayError): string {
  if (error.code === 'SYNTAX_ERROR') return error.message.replace(/".*"/s, '"?"')
  if (error.code === 'SETTING_VALUE') {
    const { setting } = error.params as { readonly setting: string }
    return ERRORS.SETTING_VALUE.message({ setting, value: '?' })
  }
  return error.message
}
