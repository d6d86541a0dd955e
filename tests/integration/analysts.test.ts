import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'

const SQL = `
CREATE TABLE orders (tenant_id text NOT NULL, id int PRIMARY KEY, note text);
CREATE TABLE lines (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders (id), amount int);
CREATE SEQUENCE ticket;
INSERT INTO orders VALUES ('acme', 1, '1'), ('globex', 2, '2'), ('third', 3, 'kanarie');
INSERT INTO lines VALUES (10, 1, 5), (20, 2, 7), (30, 3, 100);
`

let database: TestDatabase
let gate: WholeGateway
let clients: Client[] = []

beforeAll(async () => {
  database = await testDatabase({ sql: SQL })
  const relations = { 'public.lines': { access: 'via', column: 'order_id', references: 'public.orders.id' } }
  gate = await wholeGateway(database, {
    policy: { relations },
    limits: { connections: 3, queriesPerSecond: 0 },
  })
  await gate.tenants.add({ id: 'third', name: 'third', assignments: [] })
  await analyst('analyst', ['globex', 'acme'])
})
afterEach(async () => {
  for (const client of clients) await client.end()
  clients = []
})
afterAll(async () => {
  await gate?.stop()
  await database?.drop()
})

async function analyst(name: string, tenants: readonly string[]): Promise<void> {
  await gate.logins.add({ name, kind: 'analyst', tenants, password: gate.password })
  await gate.gateway.refresh()
}

async function connected(login = 'analyst'): Promise<Client> {
  const client = new Client({ connectionString: gate.loginUrl(login), application_name: 'report' })
  client.on('error', () => {})
  await client.connect()
  clients.push(client)
  return client
}

async function values(
  client: Client,
  sql: string,
  parameters?: readonly unknown[],
): Promise<readonly unknown[]> {
  const config = parameters === undefined ? { text: sql } : { text: sql, values: [...parameters] }
  const { rows } = await client.query({ ...config, rowMode: 'array' })
  return rows.map((row: unknown[]) => (row.length === 1 ? row[0] : row))
}

test('an analyst reads the rows of its tenants, and no others', async () => {
  const client = await connected()
  expect(await values(client, 'SELECT tenant_id FROM orders ORDER BY id')).toEqual(['acme', 'globex'])
  expect(await values(client, 'SELECT id FROM orders WHERE note::int > $1 ORDER BY id', [0])).toEqual([1, 2])
  expect(await values(client, "SELECT id FROM orders WHERE tenant_id = 'third' OR true ORDER BY id")).toEqual(
    [1, 2],
  )
  expect(await values(client, 'SELECT sum(amount)::int FROM lines')).toEqual([12])
  expect(await values(client, 'SELECT id FROM tenantgate.tenants ORDER BY id')).toEqual(['acme', 'globex'])
})

test.each([
  ['INSERT INTO orders (id) VALUES (9)', '25006'],
  ["INSERT INTO orders (tenant_id, id) VALUES ('acme', 9)", '25006'],
  ["UPDATE orders SET note = 'x'", '25006'],
  ['DELETE FROM orders', '25006'],
  ['WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone', '25006'],
  ['COPY orders (id) FROM STDIN', '25006'],
  ['SELECT * FROM orders FOR UPDATE', '25006'],
  ["SELECT nextval('ticket')", '42501'],
  ['EXPLAIN ANALYZE DELETE FROM orders', '25006'],
])('and writes nothing, whatever its settings: %s', async (sql, code) => {
  const client = await connected()
  await client.query("SELECT set_config('default_transaction_read_only', 'off', false)")
  await client.query('BEGIN READ WRITE')
  await expect(client.query(sql)).rejects.toMatchObject({ code })
  await client.query('ROLLBACK')
  expect((await database.query('SELECT count(*)::int FROM orders')).rows).toEqual([{ count: 3 }])
})

test('a tenant that is suspended is out of reach at once, and back when it is resumed', async () => {
  const client = await connected()
  await client.query('SELECT 1')
  const ended = new Promise((resolve) => client.once('end', resolve))
  await gate.tenants.setStatus('globex', 'suspended')
  await gate.gateway.refresh()
  await ended
  const shrunk = await connected()
  expect(await values(shrunk, 'SELECT tenant_id FROM orders')).toEqual(['acme'])
  expect(await values(shrunk, 'SELECT id FROM tenantgate.tenants')).toEqual(['acme'])
  await gate.tenants.setStatus('acme', 'suspended')
  await gate.gateway.refresh()
  await expect(connected()).rejects.toMatchObject({ code: '28P01' })
  for (const id of ['acme', 'globex']) await gate.tenants.setStatus(id, 'active')
  await gate.gateway.refresh()
  expect(await values(await connected(), 'SELECT count(*)::int FROM orders')).toEqual([2])
})

test('a transaction that runs when a tenant is suspended sees no more of it', async () => {
  const client = await connected()
  await client.query('BEGIN')
  expect(await values(client, 'SELECT count(*)::int FROM orders')).toEqual([2])
  await gate.tenants.setStatus('globex', 'suspended')
  await gate.gateway.refresh()
  await expect(client.query('SELECT * FROM orders')).rejects.toMatchObject({ code: '57P01' })
  await gate.tenants.setStatus('globex', 'active')
  await gate.gateway.refresh()
})

test('one tenant, or the same twice, is a list as well', async () => {
  await analyst('single', ['acme', 'acme'])
  const client = await connected('single')
  expect(await values(client, 'SELECT tenant_id FROM orders WHERE note::int > 0')).toEqual(['acme'])
  await expect(client.query("UPDATE orders SET note = 'x'")).rejects.toMatchObject({ code: '25006' })
})

test('analysts have the configuration’s limits, each its own', async () => {
  await gate.tenants.set('acme', ['limits.connections=1'])
  await analyst('another', ['acme', 'globex'])
  for (let i = 0; i < 3; i++) await connected()
  await expect(connected()).rejects.toMatchObject({ code: '53300' })
  await connected('another')
  await connected('acme_app')
  await gate.tenants.set('acme', ['limits.connections='])
})

test('every statement is in the audit, without its literals, and metrics name no tenant', async () => {
  const client = new Client({ connectionString: gate.loginUrl('analyst'), application_name: 'audited' })
  clients.push(client)
  await client.connect()
  await client.query("SELECT id FROM orders WHERE note = 'one-of-a-kind'")
  await client.query('SELECT id FROM orders WHERE note = $1 AND id < 77', ['other'])
  await client.query('SELECT * FROM nowhere').catch(() => {})
  const common = {
    tenant: 'acme,globex',
    login: 'analyst',
    login_kind: 'analyst',
    client_address: '127.0.0.1',
    application_name: 'audited',
  }
  const forwarded = { ...common, kind: 'statement', sqlstate: '00000', reason: 'FORWARDED' }
  const refused = { ...common, kind: 'statement_refused', sqlstate: '42501', reason: 'RELATION_DENIED' }
  const seen = async () => {
    const { rows } = await database.query(
      `SELECT kind, tenant, login, login_kind, client_address, application_name, sqlstate, reason, sql
       FROM tenantgate.audit_events WHERE application_name = 'audited' ORDER BY id`,
    )
    return rows
  }
  await expect.poll(seen, { timeout: 30_000 }).toEqual([
    { ...forwarded, sql: 'SELECT id FROM orders WHERE note = ?' },
    { ...forwarded, sql: 'SELECT id FROM orders WHERE note = $1 AND id < ?' },
    { ...refused, sql: 'SELECT * FROM nowhere' },
  ])
  const metrics = await (await fetch(`http://127.0.0.1:${gate.gateway.adminPort}/metrics`)).text()
  expect(metrics).toContain('tenantgate_sessions{tenant="(several)",login_kind="analyst"}')
})
