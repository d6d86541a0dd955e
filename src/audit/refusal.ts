import { ERRORS, type GatewayError } from '../core/errors.js'
import type { IncidentId } from '../core/ids.js'
import type { AuditSubject, StatementRefused } from './event.js'
import { MAX_AUDITED_BYTES, redact } from './redact.js'

const MAX_MESSAGE = 8_192

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
  const start = text.subarray(0, MAX_AUDITED_BYTES)
  const { sql, fingerprint } = redact(text, trustedBytes(error, start))
  return {
    kind: 'statement_refused',
    incident,
    subject,
    sqlstate: error.sqlstate,
    reason: error.code,
    message: shortened(literals === 'keep' ? error.message : redactMessage(error)),
    position: error.position ?? null,
    fingerprint,
    sql: literals === 'keep' ? `${start.toString('utf8')}${start.length < text.length ? ' …' : ''}` : sql,
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
    case 'STATEMENT_TOO_COSTLY':
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
  if (error.code === 'SYNTAX_ERROR') return withoutQuoted(error.message)
  if (error.code === 'SETTING_VALUE') {
    const { setting } = error.params as { readonly setting: string }
    return ERRORS.SETTING_VALUE.message({ setting, value: '?' })
  }
  return error.message
}

/** Without what stands between the first quotation mark and the last. */
function withoutQuoted(message: string): string {
  const [first, last] = [message.indexOf('"'), message.lastIndexOf('"')]
  return first < last ? `${message.slice(0, first)}"?"${message.slice(last + 1)}` : message
}

/** A message may quote a literal of any length. */
function shortened(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)} …` : message
}
