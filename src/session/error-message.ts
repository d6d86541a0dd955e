import type { GatewayError } from '../core/errors.js'
import type { TenantId } from '../core/ids.js'
import type { CompiledText } from '../sql/compiled.js'
import { tieViolation } from '../sql/tie-violation.js'
import { decodeFrame } from '../wire/codec.js'
import type { Frame } from '../wire/frame.js'
import { ErrorResponse } from '../wire/messages/error-response.js'
import { NoticeResponse } from '../wire/messages/notice-response.js'

/** The gateway's own error as the client gets it. */
export function encodeError(error: GatewayError): Buffer {
  return ErrorResponse.encode({ fields: fieldsOf(error, error.severity) })
}

/** An error that doesn't stop the statement. */
export function encodeWarning(error: GatewayError): Buffer {
  return NoticeResponse.encode({ fields: fieldsOf(error, 'WARNING') })
}

function fieldsOf(error: GatewayError, severity: string): ReadonlyMap<string, string> {
  const incident = error.incident === undefined ? '' : ` (incident ${error.incident})`
  const fields = new Map<string, string>([
    ['S', severity],
    ['V', severity],
    ['C', error.sqlstate],
    ['M', `${error.message}${incident}`],
  ])
  if (error.detail !== undefined) fields.set('D', error.detail)
  if (error.hint !== undefined) fields.set('H', error.hint)
  if (error.position !== undefined) fields.set('P', String(error.position))
  return fields
}

/** What a server's error or notice is about. */
export interface ServerMessageContext {
  readonly tenants: readonly TenantId[]
  /** Null: positions can't be mapped, and are dropped. */
  readonly text: CompiledText | null
  /** The client's name of the prepared statement. */
  readonly statement: string | null
}

/** where, internal position and query, file, line, routine: they speak of the server's inside, or of our text. */
const DROPPED: ReadonlySet<string> = new Set(['W', 'p', 'q', 'F', 'L', 'R'])
/** Fields of words; the others hold names, numbers, or values that are the tenant's own. */
const WORDED: ReadonlySet<string> = new Set(['M', 'D', 'H'])
/**
 * An exclusion constraint's detail shows the key of the row in the way, which may be another tenant's.
 *
 * The details of the other errors of class 23 repeat the values of the client's own row, or name relations.
 *
 * Source   PostgreSQL src/backend/executor/execIndexing.c, check_exclusion_or_unique_constraint
 */
const EXCLUSION_VIOLATION = '23P01'
const SERVER_STATEMENT = /"tg_[A-Za-z0-9_-]{24}"/g
const GUARD = /"?\b_tg_*[0-9]+\b"?/g

export function relayedError(frame: Frame, context: ServerMessageContext): Buffer {
  const { fields } = decodeFrame(ErrorResponse, frame)
  return ErrorResponse.encode({ fields: tieViolation(fields) ?? ownFields(fields, context) })
}

/** Whether the server ends the connection with it. */
export function isFatalError(frame: Frame): boolean {
  const severity = decodeFrame(ErrorResponse, frame).fields.get('V')
  return severity === 'FATAL' || severity === 'PANIC'
}

export function relayedNotice(frame: Frame, context: ServerMessageContext): Buffer {
  return NoticeResponse.encode({ fields: ownFields(decodeFrame(NoticeResponse, frame).fields, context) })
}

/** Turned into what the server would have said about the client's own text. */
function ownFields(
  fields: ReadonlyMap<string, string>,
  context: ServerMessageContext,
): ReadonlyMap<string, string> {
  const own = new Map<string, string>()
  const showsOther = fields.get('C') === EXCLUSION_VIOLATION
  for (const [code, value] of fields) {
    if (showsOther && code === 'D') continue
    const shown = ownField(code, value, context)
    if (shown !== null) own.set(code, shown)
  }
  return own
}

function ownField(code: string, value: string, context: ServerMessageContext): string | null {
  if (DROPPED.has(code)) return null
  if (code === 'P') return ownPosition(value, context)
  if (!WORDED.has(code) || !value.includes('tg')) return value
  return value.replace(SERVER_STATEMENT, `"${context.statement ?? ''}"`).replace(GUARD, 'the tenant')
}

function ownPosition(value: string, { text, tenants }: ServerMessageContext): string | null {
  const position = Number(value)
  if (text === null || !Number.isInteger(position) || position < 1) return null
  return String(text.originalPosition(tenants, position))
}
