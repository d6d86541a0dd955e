import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEMO_TENANTS } from '../../../src/demo/tenants.js'
import { type TestDatabase, testDatabase } from '../../support/database.js'

const read = (name: string) => readFileSync(new URL(`../../../src/demo/${name}`, import.meta.url), 'utf8')
const TABLES = ['accounts', 'projects', 'tasks', 'comments', 'invoices', 'invoice_lines']

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase({ sql: `${read('schema.sql')}\n${read('data.sql')}` })
})
afterAll(() => database.drop())

test('every tenant has some thousands of rows, in every table', async () => {
  const counts = TABLES.map(
    (table) => `SELECT tenant_id, '${table}' AS name, count(*)::int AS rows FROM ${table} GROUP BY tenant_id`,
  ).join(' UNION ALL ')
  const { rows } = await database.query(
    `SELECT tenant_id, count(*)::int AS tables, sum(rows)::int AS rows FROM (${counts}) AS c GROUP BY tenant_id ORDER BY tenant_id`,
  )
  expect(rows.map((row) => row.tenant_id)).toEqual(DEMO_TENANTS.map(({ id }) => id))
  for (const row of rows) {
    expect(row.tables).toBe(TABLES.length)
    expect(row.rows).toBeGreaterThan(3_000)
  }
})

test('the rows are the same at every run, creation times included', async () => {
  const digests = TABLES.filter((table) => table !== 'invoice_lines').map(
    (table) => `SELECT md5(string_agg(t::text, ';' ORDER BY id)) AS digest FROM ${table} AS t`,
  )
  const first = await database.query(digests.join(' UNION ALL '))
  await database.query(
    `DROP VIEW open_tasks; DROP TABLE ${TABLES.join(', ')}, countries, payment_provider_keys`,
  )
  await database.query(`SET timezone = 'Asia/Tokyo'; ${read('schema.sql')}\n${read('data.sql')}`)
  const second = await database.query(digests.join(' UNION ALL '))
  expect(second.rows).toEqual(first.rows)
})
