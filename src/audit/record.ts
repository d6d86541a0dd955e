import type { AuditEvent, AuditSubject, TokenAccepted } from './event.js'

/**
 * An event as every sink writes it: one flat object, the same names in the log, the file and the table.
 *
 * A field that an event doesn't have is null, so that a column or a query never has to ask for the kind first.
 */
export interface AuditRecord {
  /** ISO 8601, UTC. */
  readonly at: string
  readonly kind: AuditEvent['kind']
  readonly incident: string
  readonly tenant: string | null
  readonly login: string | null
  readonly login_kind: string | null
  readonly client_address: string
  readonly application_name: string | null
  readonly sqlstate: string
  readonly reason: string
  /** Why a login was refused; the client is never told. */
  readonly cause: string | null
  readonly message: string | null
  /** 1-based character of the client's text. */
  readonly position: number | null
  readonly fingerprint: string | null
  readonly sql: string | null
}

/** Flattens an event. Units: `timeMs` since the epoch. */
export function toRecord(event: AuditEvent, timeMs: number): AuditRecord {
  return {
    at: new Date(timeMs).toISOString(),
    kind: event.kind,
    ...identity(event),
    ...particulars(event),
  }
}

function identity(event: AuditEvent) {
  return {
    incident: event.incident,
    ...subject(event.subject),
    ...('sqlstate' in event ? { sqlstate: event.sqlstate, reason: event.reason } : UNREFUSED[event.kind]),
  }
}

/** Nothing was wrong with it so far. */
const UNREFUSED = {
  statement: { sqlstate: '00000', reason: 'FORWARDED' },
  token_accepted: { sqlstate: '00000', reason: 'ACCEPTED' },
} as const

function subject(subject: AuditSubject) {
  return {
    tenant: subject.tenant,
    login: subject.login,
    login_kind: subject.loginKind,
    client_address: subject.clientAddress,
    application_name: subject.applicationName,
  }
}

function particulars(event: AuditEvent) {
  switch (event.kind) {
    case 'statement_refused':
      return {
        cause: null,
        message: event.message,
        position: event.position,
        fingerprint: event.fingerprint,
        sql: event.sql,
      }
    case 'statement':
      return {
        cause: null,
        message: null,
        position: null,
        fingerprint: event.fingerprint,
        sql: event.sql,
      }
    case 'login_refused':
      return { ...NOTHING, cause: event.cause }
    case 'token_accepted':
      return { ...NOTHING, message: tokenMessage(event) }
  }
}

const NOTHING = { cause: null, message: null, position: null, fingerprint: null, sql: null } as const

function tokenMessage({ tokenId, endsAtMs }: TokenAccepted): string {
  const name = tokenId === null ? 'without jti' : `with jti ${JSON.stringify(tokenId)}`
  return `token ${name}, until ${new Date(endsAtMs).toISOString()}`
}
