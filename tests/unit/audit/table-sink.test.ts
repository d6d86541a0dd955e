import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AuditRecord } from '../../../src/audit/record.js'
import { tableSink } from '../../../src/audit/table-sink.js'
import { migrate } from '../../../src/tenants/migrate.js'
import { type TestDatabase, testDatabase } from '../../support/database.js'

let database: TestDatabase
let client: Client
beforeAll(async () => {
  database = await testDatabase()
  client = new Client({ connectionString: database.url })
  await client.connect()
  await migrate(client, 'tenantgate')
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

const record: AuditRecord = {
  at: '2030-01-01T00:00:00.123Z',
  kind: 'statement_refused',
  incident: '0123456789ab',
  tenant: 'acme',
  login: 'acme_app',
  login_kind: 'app',
  client_address: '10.0.0.1',
  application_name: null,
  sqlstate: '42501',
  reason: 'RELATION_DENIED',
  cause: null,
  message: 'relation "x" is not available to this login',
  position: 15,
  fingerprint: '0123456789abcdef',
  sql: 'SELECT * FROM x',
}

test('a batch becomes rows, one column a field', async () => {
  const sink = tableSink({
    query: (sql, values) => client.query(sql, [...values]),
    controlSchema: 'tenantgate',
  })
  await sink.write([record, { ...record, incident: 'second', sql: 'a\0b', tenant: null, position: null }])
  const { rows } = await client.query(
    "SELECT to_jsonb(e) - ARRAY['id', 'hash', 'previous_hash'] AS event FROM tenantgate.audit_events e ORDER BY id",
  )
  const { at: _at, ...rest } = record
  expect(rows[0]?.event).toMatchObject(rest)
  expect(new Date(rows[0]?.event.at).toISOString()).toBe(record.at)
  expect(rows[1]?.event).toMatchObject({ incident: 'second', sql: 'ab', tenant: null, position: null })
})
