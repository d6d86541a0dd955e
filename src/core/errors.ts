import { type ErrorSpec, type Severity, spec } from './error-spec.js'
import type { IncidentId } from './ids.js'

/** One whose sentence is always the same. */
function fixed(sqlstate: string, severity: Severity, message: string): ErrorSpec<object> {
  return spec(sqlstate, severity, () => message)
}

/**
 * Every error that the gateway itself raises, in one table: SQLSTATE, severity and the public sentence.
 *
 * Wording follows PostgreSQL's where PostgreSQL has the same error, so that clients which match on text go on working.
 *
 * Source   https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export const ERRORS = {
  // protocol
  PROTOCOL_VIOLATION: spec(
    '08P01',
    'FATAL',
    (p: { message: string; reason: string }) => `invalid ${p.message} message: ${p.reason}`,
  ),
  UNEXPECTED_MESSAGE: spec(
    '08P01',
    'FATAL',
    (p: { message: string; phase: string }) => `unexpected ${p.message} message during ${p.phase}`,
  ),
  UNSUPPORTED_PROTOCOL: spec(
    '0A000',
    'FATAL',
    (p: { version: string }) => `unsupported frontend protocol ${p.version}: server supports 3.0 to 3.2`,
  ),
  STARTUP_PARAMETER: spec(
    '22023',
    'FATAL',
    (p: { parameter: string; reason: string }) => `invalid startup parameter "${p.parameter}": ${p.reason}`,
  ),
  REPLICATION: fixed('0A000', 'FATAL', 'replication connections are not available through the gateway'),
  // login
  TLS_REQUIRED: fixed('28000', 'FATAL', 'the gateway accepts encrypted connections only'),
  TOKEN_UNENCRYPTED: fixed('28000', 'FATAL', 'tokens are accepted over TLS only'),
  CLIENT_CERTIFICATE: spec(
    '28000',
    'FATAL',
    (p: { reason: string }) => `the client certificate could not be verified: ${p.reason}`,
  ),
  AUTHENTICATION_FAILED: spec(
    '28P01',
    'FATAL',
    (p: { login: string }) => `password authentication failed for user "${p.login}"`,
  ),
  UNKNOWN_DATABASE: spec(
    '3D000',
    'FATAL',
    (p: { database: string }) => `database "${p.database}" does not exist`,
  ),
  LOGIN_KIND: spec(
    '0A000',
    'FATAL',
    (p: { kind: string }) => `${p.kind} logins are not served by this gateway`,
  ),
  LOGIN_CHANGED: fixed(
    '57P01',
    'FATAL',
    'terminating connection because its login or tenant is no longer active',
  ),
  TOKEN_EXPIRED: fixed('57P01', 'FATAL', 'terminating connection due to token expiry'),
  TOO_MANY_CONNECTIONS: fixed('53300', 'FATAL', 'sorry, too many clients already'),
  IDLE_TIMEOUT: fixed('57P05', 'FATAL', 'terminating connection due to idle-session timeout'),
  SESSION_EXPIRED: fixed('57P01', 'FATAL', 'terminating connection due to its age'),
  CLIENT_STALLED: fixed('57014', 'FATAL', 'terminating connection due to a stalled client'),
  MESSAGES_TOO_LARGE: fixed(
    '53200',
    'FATAL',
    'terminating connection: the messages that clients have not finished take up too much memory',
  ),
  SHUTTING_DOWN: fixed('57P01', 'FATAL', 'terminating connection due to administrator command'),
  NOT_READY: fixed('57P03', 'FATAL', 'the gateway is starting up'),
  // parse
  SYNTAX_ERROR: spec('42601', 'ERROR', (p: { message: string }) => p.message),
  INVALID_ENCODING: spec(
    '22021',
    'ERROR',
    (p: { reason: string }) => `invalid byte sequence for encoding "UTF8": ${p.reason}`,
  ),
  STATEMENT_TOO_LARGE: spec(
    '54000',
    'ERROR',
    (p: { maxBytes: number }) => `statement is longer than ${p.maxBytes} bytes`,
  ),
  STATEMENT_TOO_COMPLEX: fixed('54001', 'ERROR', 'statement is too deeply nested'),
  STATEMENT_TOO_COSTLY: spec(
    '54001',
    'ERROR',
    (p: { reason: string }) => `statement is too complex: ${p.reason}`,
  ),
  MULTIPLE_COMMANDS: fixed('42601', 'ERROR', 'cannot insert multiple commands into a prepared statement'),
  // admit
  UNSUPPORTED_STATEMENT: spec(
    '0A000',
    'ERROR',
    (p: { statement: string }) => `${p.statement} is not available through the gateway`,
  ),
  UNSUPPORTED_CONSTRUCT: spec(
    '0A000',
    'ERROR',
    (p: { construct: string }) => `${p.construct} is not available through the gateway`,
  ),
  // resolve
  RELATION_UNKNOWN: spec(
    '42P01',
    'ERROR',
    (p: { relation: string }) => `relation "${p.relation}" does not exist`,
  ),
  FUNCTION_UNKNOWN: spec(
    '42883',
    'ERROR',
    (p: { function: string }) => `function ${p.function} does not exist`,
  ),
  OPERATOR_UNKNOWN: spec(
    '42883',
    'ERROR',
    (p: { operator: string }) => `operator does not exist: ${p.operator}`,
  ),
  TYPE_UNKNOWN: spec('42704', 'ERROR', (p: { type: string }) => `type "${p.type}" does not exist`),
  COLUMN_UNKNOWN: spec(
    '42703',
    'ERROR',
    (p: { column: string; relation: string }) =>
      `column "${p.column}" of relation "${p.relation}" does not exist`,
  ),
  KEY_TWICE: spec('42701', 'ERROR', (p: { key: string }) => `column "${p.key}" specified more than once`),
  // authorize
  RELATION_DENIED: spec(
    '42501',
    'ERROR',
    (p: { relation: string }) => `relation "${p.relation}" is not available to this login`,
  ),
  RELATION_READ_ONLY: spec(
    '42501',
    'ERROR',
    (p: { relation: string }) => `relation "${p.relation}" is read-only for this login`,
  ),
  FUNCTION_DENIED: spec(
    '42501',
    'ERROR',
    (p: { function: string }) => `function ${p.function} is not available to this login`,
  ),
  OPERATOR_DENIED: spec(
    '42501',
    'ERROR',
    (p: { operator: string }) => `operator ${p.operator} is not available to this login`,
  ),
  TYPE_DENIED: spec(
    '42501',
    'ERROR',
    (p: { type: string }) => `type ${p.type} is not available to this login`,
  ),
  SETTING_DENIED: spec(
    '42501',
    'ERROR',
    (p: { setting: string }) => `permission denied to set or read parameter "${p.setting}"`,
  ),
  SETTING_VALUE: spec(
    '22023',
    'ERROR',
    (p: { setting: string; value: string }) => `invalid value for parameter "${p.setting}": "${p.value}"`,
  ),
  LOGIN_READ_ONLY: spec(
    '25006',
    'ERROR',
    (p: { statement: string }) => `cannot execute ${p.statement} in a read-only login`,
  ),
  // scope
  TENANT_MISMATCH: spec(
    '42501',
    'ERROR',
    (p: { relation: string }) => `new row for relation "${p.relation}" belongs to another tenant`,
  ),
  TENANT_COLUMN: spec(
    '42501',
    'ERROR',
    (p: { column: string; relation: string }) =>
      `column "${p.column}" of relation "${p.relation}" is kept by the gateway`,
  ),
  EXPLAIN_DENIED: spec('42501', 'ERROR', (p: { form: string }) => `${p.form} is not available to this login`),
  PATTERN_ESCAPE: fixed('22025', 'ERROR', 'LIKE pattern must not end with escape character'),
  // verify
  ISOLATION_UNPROVEN: spec(
    'XX000',
    'ERROR',
    (p: { relation: string }) => `tenant isolation of "${p.relation}" could not be proven`,
  ),
  // session
  STATEMENT_UNKNOWN: spec('26000', 'ERROR', (p: { statement: string }) =>
    p.statement === ''
      ? 'unnamed prepared statement does not exist'
      : `prepared statement "${p.statement}" does not exist`,
  ),
  STATEMENT_DUPLICATE: spec(
    '42P05',
    'ERROR',
    (p: { statement: string }) => `prepared statement "${p.statement}" already exists`,
  ),
  STATEMENT_STALE: spec(
    '0A000',
    'ERROR',
    (p: { statement: string }) =>
      `prepared statement "${p.statement}" was prepared for another schema or policy`,
  ),
  PREPARED_LIMITED: spec(
    '53400',
    'ERROR',
    (p: { maxStatements: number; maxBytes: number }) =>
      `a session holds at most ${p.maxStatements} prepared statements, and ${p.maxBytes} bytes of their texts`,
  ),
  PORTAL_UNKNOWN: spec('34000', 'ERROR', (p: { portal: string }) => `portal "${p.portal}" does not exist`),
  CANCELLED: fixed('57014', 'ERROR', 'canceling statement due to user request'),
  COPY_FORMAT: fixed('22P04', 'ERROR', 'invalid row in the data of COPY'),
  // upstream and limits
  UPSTREAM_UNAVAILABLE: fixed('08006', 'ERROR', 'the database server is not reachable'),
  UPSTREAM_LOST: fixed('08006', 'ERROR', 'the connection to the database server was lost'),
  SESSION_LOST: fixed(
    '08006',
    'FATAL',
    'the connection to the database server was lost, and the session with it',
  ),
  UPSTREAM_SHUT_DOWN: fixed('57P01', 'ERROR', 'terminating connection due to administrator command'),
  UPSTREAM_CRASHED: fixed(
    '57P02',
    'ERROR',
    'terminating connection because of crash of another server process',
  ),
  TRANSACTION_IDLE: fixed('25P03', 'ERROR', 'terminating connection due to idle-in-transaction timeout'),
  TRANSACTION_TOO_LONG: fixed('25P04', 'ERROR', 'terminating connection due to transaction timeout'),
  AUDIT_UNAVAILABLE: fixed('58000', 'ERROR', 'the audit has no room for the statement'),
  COMPILER_BUSY: fixed('53000', 'ERROR', 'too many large statements are waiting to be checked'),
  QUEUE_TIMEOUT: spec(
    '53300',
    'ERROR',
    (p: { waitMs: number }) => `no database connection became free within ${p.waitMs} ms`,
  ),
  RATE_LIMITED: fixed('53400', 'ERROR', 'the tenant has reached its limit of queries per second'),
  CONCURRENCY_LIMITED: fixed('53300', 'ERROR', 'the tenant has reached its limit of concurrent queries'),
  RESULT_LIMITED: spec(
    '53400',
    'ERROR',
    (p: { limit: string }) => `the result is larger than the tenant's limit of ${p.limit}`,
  ),
  INTERNAL: fixed('XX000', 'FATAL', 'internal error'),
} as const

export type ErrorCode = keyof typeof ERRORS
export type ErrorParams<C extends ErrorCode> = Parameters<(typeof ERRORS)[C]['message']>[0]

/** What accompanies an error beside its code: all optional, all safe to show to the client. */
export interface ErrorContext {
  readonly detail?: string
  readonly hint?: string
  /** 1-based index of a character (code point) of the client's text, as the protocol's field `P`. */
  readonly position?: number
  /** Never shown to the client. */
  readonly cause?: unknown
}

/**
 * The one error class of the gateway; anything else that is thrown is a bug.
 *
 * Faces: `message`, `detail`, `hint`, `position` go to the client, `code`, `cause`, `stack` to the log, `code` and `params` to the audit.
 */
export class GatewayError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C
  readonly params: ErrorParams<C>
  readonly sqlstate: string
  readonly severity: Severity
  readonly detail: string | undefined
  readonly hint: string | undefined
  readonly position: number | undefined
  /** Set once the refusal is written to the audit; the client's message carries it. */
  incident: IncidentId | undefined

  constructor(code: C, params: ErrorParams<C>, context: ErrorContext = {}) {
    const row = ERRORS[code] as ErrorSpec<ErrorParams<C>>
    super(row.message(params), context.cause === undefined ? undefined : { cause: context.cause })
    this.name = 'GatewayError'
    this.code = code
    this.params = params
    this.sqlstate = row.sqlstate
    this.severity = row.severity
    this.detail = context.detail
    this.hint = context.hint
    this.position = context.position
  }
}
