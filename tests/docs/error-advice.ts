import type { ErrorCode } from '../../src/core/errors.js'

/** What a reader of `docs/errors.md` should know or do; a code without advice doesn't compile. */
export const ADVICE: Readonly<Record<ErrorCode, string>> = {
  PROTOCOL_VIOLATION:
    "A message was cut short, too long, or not as the protocol has it. The connection is closed: a driver's bug, or no PostgreSQL client at all.",
  UNEXPECTED_MESSAGE: 'A message that is valid elsewhere came in the wrong phase. The connection is closed.',
  UNSUPPORTED_PROTOCOL:
    'Use a client that speaks protocol 3.0 or later, which is every client since PostgreSQL 7.4.',
  STARTUP_PARAMETER:
    "A setting in the connection string is unknown, not allowed, or has a value the gateway can't keep.",
  REPLICATION: "Replication would show every tenant's rows. Connect to the database itself.",
  TLS_REQUIRED:
    "`listen.tls.mode` is `require`: connect with `sslmode=require`, or with `verify-full` and the CA's certificate.",
  TOKEN_UNENCRYPTED:
    'The user name says that a token follows (`auth.jwt.user`), and the connection is not encrypted. Nothing was read. Connect with `sslmode=verify-full`.',
  CLIENT_CERTIFICATE:
    'The client sent a certificate that is expired, or not issued by a CA in `listen.tls.clientCa`. Send none, or a valid one.',
  AUTHENTICATION_FAILED:
    'Login name, password, token, a disabled login and a suspended tenant are all answered alike; the audit event says which it was.',
  UNKNOWN_DATABASE: "Connect to the database that the gateway's `upstream.url` names.",
  LOGIN_KIND: '`upstream.operators.max` is 0: this gateway serves no operators.',
  LOGIN_CHANGED:
    "The login was disabled, its tenant suspended, or an analyst's list of tenants changed while the connection was open. An analyst connects again and has the new list.",
  TOKEN_EXPIRED:
    'The session began with a token, and the token has ended. Get a new one and connect again. A transaction that is open then ends with the next message.',
  TOO_MANY_CONNECTIONS:
    'The tenant has as many connections as its `limits.connections` allows; operators together have as many as `upstream.operators.max` does.',
  IDLE_TIMEOUT:
    'An operator’s session said nothing for `upstream.operators.idleTimeoutMs`. What it left open is rolled back.',
  SESSION_EXPIRED: 'An operator’s session was open for `upstream.operators.lifetimeMs`. Connect again.',
  CLIENT_STALLED:
    'For as long as its statements may take (`limits.statementTimeoutMs`) the client took no rows, or sent none to its COPY, while the server waited. Fetch by a cursor what takes long to work on.',
  MESSAGES_TOO_LARGE:
    'All clients of a process together may have 1 GiB of messages under way; beyond that, whoever has sent most of one ends. Send large data by COPY, which has no such limit.',
  SHUTTING_DOWN: 'The gateway stops. Connect again.',
  NOT_READY: "The gateway hasn't loaded its tenants and schema yet. Connect again in a moment.",
  SYNTAX_ERROR: "PostgreSQL's own parser refused the text; the position is in the client's text.",
  INVALID_ENCODING: 'Statements must be valid UTF-8 without a NUL character.',
  STATEMENT_TOO_LARGE: 'Send the data in parts or with parameters.',
  STATEMENT_TOO_COMPLEX:
    'The parser ran out of stack: long chains of operators are better written as IN or = ANY (…).',
  STATEMENT_TOO_COSTLY:
    'Checking the statement would take more memory or time than one statement gets. Send the data in parts, with parameters, or by COPY.',
  MULTIPLE_COMMANDS:
    'A prepared statement is one statement. Send them one by one, or use the simple query protocol.',
  UNSUPPORTED_STATEMENT: 'See docs/supported-sql.md; the hint says what to do instead.',
  UNSUPPORTED_CONSTRUCT:
    'The statement is supported, this part of it is not; the hint says what to do instead.',
  RELATION_UNKNOWN:
    "No such relation on the session's search path. A relation made a moment ago is known within a second.",
  FUNCTION_UNKNOWN: "No such function on the session's search path.",
  OPERATOR_UNKNOWN: "Neither PostgreSQL nor a schema on the session's search path has such an operator.",
  TYPE_UNKNOWN: 'There is no such type, or PostgreSQL has got it in a version that was not reviewed.',
  COLUMN_UNKNOWN: 'The relation has no such column.',
  KEY_TWICE: 'The list of columns names the tenant column, or the key of a child, twice.',
  RELATION_DENIED:
    'The relation has no tenant column and the policy says nothing about it. Declare it under `policy.relations`, or leave it denied.',
  RELATION_READ_ONLY: 'Shared relations and catalogs can be read only.',
  FUNCTION_DENIED:
    'The function could reach outside the tenant, or nobody has reviewed it. A function of your own can be allowed with `policy.functions.allow`.',
  OPERATOR_DENIED: "The operator's function isn't allowed.",
  TYPE_DENIED: "The type has code behind it that isn't allowed.",
  SETTING_DENIED: "The setting isn't on the list of those that a tenant may set or read.",
  SETTING_VALUE: 'The setting may be set, to other values than this one.',
  LOGIN_READ_ONLY: "The login's kind is `reader` or `analyst`.",
  TENANT_MISMATCH:
    'A row was to be written for another tenant. Leave the tenant column out; the gateway supplies it.',
  TENANT_COLUMN: "The tenant column can't be changed. Leave it out; the gateway supplies it.",
  EXPLAIN_DENIED:
    "The policy's `explain` doesn't allow this form: ANALYZE counts rows that the filters removed, other tenants' among them.",
  PATTERN_ESCAPE:
    'A LIKE pattern must not end with an unpaired backslash (or escape character). The planner tries patterns on statistics over all tenants, so such a pattern is refused whatever the rows hold.',
  ISOLATION_UNPROVEN:
    'The gateway could not prove that its own rewriting isolates the tenant, and forwarded nothing. Please report it with the incident id.',
  STATEMENT_UNKNOWN: 'The prepared statement was never made in this session, or was closed.',
  STATEMENT_STALE:
    'A statement prepared by SQL would be compiled to something else by now: the schema or the policy has changed. Deallocate it and prepare it again.',
  STATEMENT_DUPLICATE: 'Close the prepared statement of that name first.',
  PREPARED_LIMITED:
    'Close statements that are not needed any more, or reuse them: they differ in values that could be parameters.',
  PORTAL_UNKNOWN: 'The portal was never made, or ended with its transaction.',
  CANCELLED: 'A cancel request came while the statement was waiting for a server connection.',
  COPY_FORMAT:
    'The rows of a COPY end in the middle of a row or of quotes, or have another number of fields than the statement says.',
  UPSTREAM_UNAVAILABLE: 'The gateway could not connect to PostgreSQL; `/readyz` says more.',
  UPSTREAM_LOST:
    'The server connection broke. The session goes on with another one, and a transaction that was open fails until the client ends it. Whether a COMMIT that was on its way arrived is unknown.',
  SESSION_LOST:
    'The server connection broke in the middle of a message, or the session was listening to channels: it could not go on. Connect again.',
  UPSTREAM_SHUT_DOWN:
    'Somebody ended the server connection, or the whole server. The session goes on, as for `UPSTREAM_LOST`.',
  UPSTREAM_CRASHED: 'A process of the server has crashed. The session goes on, as for `UPSTREAM_LOST`.',
  TRANSACTION_IDLE:
    'A transaction was left open for longer than `idle_in_transaction_session_timeout`, and is rolled back. The session goes on.',
  TRANSACTION_TOO_LONG:
    'A transaction took longer than `transaction_timeout`, and is rolled back. The session goes on.',
  AUDIT_UNAVAILABLE:
    'A place that the audit is written to takes no more records, and of this login every statement is one. The gateway’s log says what is wrong.',
  COMPILER_BUSY:
    'Statements of more than 8 kB are checked one after the other, and the tenant has many that wait, or has waited long. Try again.',
  QUEUE_TIMEOUT:
    'All server connections were busy for `upstream.pool.queueTimeoutMs`. Raise `pool.max`, or look for transactions that stay open.',
  RATE_LIMITED: "The tenant's `limits.queriesPerSecond` is used up. Slow down, or raise it.",
  CONCURRENCY_LIMITED: "The tenant's `limits.concurrentQueries` run already.",
  RESULT_LIMITED:
    "One result was larger than the tenant's `limits.resultRows` or `limits.resultBytes`; the statement is cancelled. Rows that were sent can't be taken back: drop them. Ask for less at a time. Outside of a transaction, a statement that changes rows, and what stands behind in the same text, may have taken effect if everything was on its way already.",
  INTERNAL: 'A bug in the gateway. The connection is closed; the log has the rest under the incident id.',
}
