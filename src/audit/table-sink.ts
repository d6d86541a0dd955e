import { quoteIdentifier } from '../tenants/quote.js'
import type { AuditRecord } from './record.js'
import type { AuditSink } from './sink.js'

export interface TableSinkOptions {
  /** Runs one statement as a role that may insert into the table. */
  readonly query: (sql: string, values: readonly unknown[]) => Promise<unknown>
  readonly controlSchema: string
}

const COLUMNS = {
  at: 'timestamptz',
  kind: 'text',
  incident: 'text',
  tenant: 'text',
  login: 'text',
  login_kind: 'text',
  client_address: 'text',
  application_name: 'text',
  sqlstate: 'text',
  reason: 'text',
  cause: 'text',
  message: 'text',
  position: 'integer',
  fingerprint: 'text',
  sql: 'text',
} as const satisfies Record<keyof AuditRecord, string>

/** Inserts each batch into `audit_events` by one statement: all of it or nothing, so that a batch offered again is there once. */
export function tableSink({ query, controlSchema }: TableSinkOptions): AuditSink {
  const names = Object.keys(COLUMNS).map(quoteIdentifier).join(', ')
  const types = Object.entries(COLUMNS).map(([name, type]) => `${quoteIdentifier(name)} ${type}`)
  const insert = `INSERT INTO ${quoteIdentifier(controlSchema)}.audit_events (${names})
    SELECT ${names} FROM jsonb_to_recordset($1::jsonb) AS record (${types.join(', ')})`
  return {
    name: 'table',
    write: async (records) => {
      await query(insert, [JSON.stringify(records, withoutNul)])
    },
    close: async () => {},
  }
}

/** PostgreSQL's text has no NUL, and a batch that holds one would never be written. */
function withoutNul(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '') : value
}
