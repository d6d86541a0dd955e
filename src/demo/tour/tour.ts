import type { Client } from 'pg'
import type { AuditLine } from '../audit-file.js'
import type { DemoTenant } from '../tenants.js'
import type { Transcript } from './transcript.js'

/** What the steps of the guided tour work with. */
export interface Tour {
  readonly transcript: Transcript
  /** A superuser's connection around the gateway: what is really in the database. */
  readonly truth: Client
  /** A session through the gateway as a tenant's app login, or as one of the staff; the tour ends it. */
  session(as: string): Promise<Client>
  /** What the gateway would send to the database, or the refusal as text. */
  scopedSql(tenant: string, sql: string): Promise<string>
  /** Adds a tenant and its login while the gateway runs. */
  onboard(tenant: DemoTenant): Promise<void>
  /** The audit's record of an incident; waits a moment for it. */
  auditRecord(incident: string): Promise<AuditLine | null>
  /** The audit's record of a statement that was forwarded, without literals; likewise. */
  auditedStatement(login: string, sql: string): Promise<AuditLine | null>
  /** Resolves when the gateway knows whatever was committed before. */
  refresh(): Promise<void>
}

export type Step = (tour: Tour) => Promise<void>
