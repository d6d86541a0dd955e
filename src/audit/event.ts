import type { ErrorCode } from '../core/errors.js'
import type { IncidentId } from '../core/ids.js'

/** Who did it, as far as it is known when the event happens. */
export interface AuditSubject {
  readonly tenant: string | null
  readonly login: string | null
  readonly loginKind: string | null
  readonly clientAddress: string
  readonly applicationName: string | null
}

/** A statement that was refused before it reached the database. */
export interface StatementRefused {
  readonly kind: 'statement_refused'
  readonly incident: IncidentId
  readonly subject: AuditSubject
  readonly sqlstate: string
  readonly reason: ErrorCode
  readonly message: string
  /** 1-based character of the client's text. */
  readonly position: number | null
  /** Equal for statements that differ only in literals. */
  readonly fingerprint: string
  /** The text with its literals redacted, unless the configuration keeps them. */
  readonly sql: string
}

/** A connection attempt that was refused. */
export interface LoginRefused {
  readonly kind: 'login_refused'
  readonly incident: IncidentId
  readonly subject: AuditSubject
  readonly sqlstate: string
  readonly reason: ErrorCode
  /** For the log only: the client is never told which of them it was. */
  readonly cause:
    | 'unknown_login'
    | 'wrong_password'
    | 'disabled'
    | 'suspended'
    | 'throttled'
    | 'unknown_database'
    | 'connection_limit'
    | 'protocol'
    | 'unencrypted'
    | 'invalid_token'
    | 'expired_token'
    | 'unfit_token'
}

/** A token that was taken for a login: which login that is stands nowhere else. */
export interface TokenAccepted {
  readonly kind: 'token_accepted'
  readonly incident: IncidentId
  readonly subject: AuditSubject
  /** The issuer's name for it; null where it has none. */
  readonly tokenId: string | null
  /** Wall clock, ms since the epoch: when the session has to be over. */
  readonly endsAtMs: number
}

/** A statement that is about to be sent to the database, by a login of which all are written down. */
export interface StatementForwarded {
  readonly kind: 'statement'
  readonly incident: IncidentId
  readonly subject: AuditSubject
  readonly fingerprint: string
  /** As in `StatementRefused`. */
  readonly sql: string
}

export type AuditEvent = StatementRefused | StatementForwarded | LoginRefused | TokenAccepted

/** Where events go; never blocks, never throws. */
export interface AuditTrail {
  /** False where a place it goes to has no room for it: what may only happen if it is written down must not happen. */
  record(event: AuditEvent): boolean
}
