import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'

const SQL = `
CREATE TABLE orders (tenant_id text NOT NULL, id int PRIMARY KEY, note text);
CREATE TABLE lines (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders (id), amount int);
INSERT INTO orders VALUES ('acme', 1, 'a'), ('globex', 2, 'g');
INSERT INTO lines VALUES (10, 1, 5), (20, 2, 7);
`

let database: TestDatabase
let gate: WholeGateway
const clients: Client[] = []

beforeAll(async () => {
  database = await testDatabase({ sql: SQL })
  const relations = { 'public.lines': { access: 'via', column: 'order_id', references: 'public.orders.id' } }
  gate = await wholeGateway(database, { policy: { rowSecurity: true, relations } })
})
afterAll(async () => {
  for (const client of clients) await client.end()
  await gate?.stop()
  await database?.drop()
})

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  clients.push(client)
  await client.connect()
  return client
}

test('an analyst sees the rows of all its tenants, and of no other', async () => {
  await gate.tenants.add({ id: 'third', name: 'third', assignments: [] })
  await database.query("INSERT INTO orders VALUES ('third', 4, 't')")
  await gate.logins.add({
    name: 'analyst',
    kind: 'analyst',
    tenants: ['acme', 'globex'],
    password: gate.password,
  })
  await gate.gateway.refresh()
  const analyst = await connected(gate.loginUrl('analyst'))
  const acme = await connected(gate.url('acme'))
  for (let turn = 0; turn < 2; turn++) {
    expect(await notes(analyst)).toEqual([{ note: 'a' }, { note: 'g' }])
    expect(await notes(acme)).toEqual([{ note: 'a' }])
  }
  expect((await analyst.query('SELECT sum(amount)::int AS sum FROM lines')).rows).toEqual([{ sum: 12 }])
  await database.query("DELETE FROM orders WHERE tenant_id = 'third'")
})

const notes = async (client: Client) => (await client.query('SELECT note FROM orders ORDER BY id')).rows

test('each tenant sees and writes its own rows, turn by turn on one connection', async () => {
  const acme = await connected(gate.url('acme'))
  const globex = await connected(gate.url('globex'))
  for (let turn = 0; turn < 3; turn++) {
    expect(await notes(acme)).toEqual([{ note: 'a' }])
    expect(await notes(globex)).toEqual([{ note: 'g' }])
  }
  expect((await globex.query('SELECT sum(amount)::int AS sum FROM lines')).rows).toEqual([{ sum: 7 }])
  await acme.query('BEGIN')
  await acme.query("INSERT INTO orders (id, note) VALUES (3, 'b')")
  await acme.query('ROLLBACK')
  await acme.query('INSERT INTO orders (id, note) VALUES ($1, $2)', [3, 'b'])
  expect((await acme.query("UPDATE orders SET note = 'c' WHERE id >= 2")).rowCount).toBe(1)
  expect((await acme.query('DELETE FROM orders WHERE id = 3')).rowCount).toBe(1)
})

test('rows are written whose tenant only their parents know', async () => {
  const acme = await connected(gate.url('acme'))
  await acme.query('INSERT INTO lines VALUES (30, $1, 1) ON CONFLICT (id) DO UPDATE SET amount = 2', [1])
  expect((await acme.query('UPDATE lines SET order_id = 1, amount = 3 WHERE id >= 20')).rowCount).toBe(1)
  await expect(acme.query('INSERT INTO lines VALUES (31, 2, 1)')).rejects.toMatchObject({ code: '23503' })
  await expect(acme.query('UPDATE lines SET order_id = 2')).rejects.toMatchObject({ code: '23503' })
  // the policy of the new row doesn't see a parent that the same statement makes
  const both =
    'WITH o AS (INSERT INTO orders (id) VALUES (5) RETURNING id) INSERT INTO lines SELECT 40, id FROM o'
  await expect(acme.query(both)).rejects.toMatchObject({ code: '42501' })
  expect((await acme.query('DELETE FROM lines WHERE id >= 20')).rowCount).toBe(1)
})

test('a client that resets its settings goes on seeing its rows, and cannot become another tenant', async () => {
  const acme = await connected(gate.url('acme'))
  await acme.query('RESET ALL')
  expect(await notes(acme)).toEqual([{ note: 'a' }])
  await acme.query('BEGIN; RESET ALL')
  expect(await notes(acme)).toEqual([{ note: 'a' }])
  await acme.query('COMMIT')
  await expect(acme.query("SET tenantgate.tenant = 'globex'")).rejects.toMatchObject({ code: '42501' })
  await expect(acme.query("SELECT set_config('tenantgate.tenant', 'globex', false)")).rejects.toThrow()
  await expect(connected(`${gate.url('acme')}?options=-c%20tenantgate.tenant=globex`)).rejects.toMatchObject({
    code: '22023',
  })
  clients.pop()
})

test('a client that switches row security off is refused its rows, and nobody else is', async () => {
  const acme = await connected(gate.url('acme'))
  await acme.query('SET row_security TO off')
  await expect(notes(acme)).rejects.toMatchObject({ code: '42501' })
  expect(await notes(await connected(gate.url('globex')))).toEqual([{ note: 'g' }])
  await acme.query('SET row_security TO on')
  expect(await notes(acme)).toEqual([{ note: 'a' }])
})

test('the gateway’s role by itself is confined to the tenant it names, and sees nothing before', async () => {
  const role = await connected(gate.upstreamUrl)
  const lines = async () => (await role.query('SELECT id FROM lines')).rows
  expect([await notes(role), await lines()]).toEqual([[], []])
  await role.query("SET tenantgate.tenant = ''")
  expect([await notes(role), await lines()]).toEqual([[], []])
  await role.query("SET tenantgate.tenant = 'acme'")
  expect([await notes(role), await lines()]).toEqual([[{ note: 'a' }], [{ id: 10 }]])
  await expect(role.query("INSERT INTO orders VALUES ('globex', 9, 'x')")).rejects.toThrow(
    'row-level security',
  )
  await expect(role.query('INSERT INTO lines VALUES (21, 2, 1)')).rejects.toThrow('row-level security')
  expect((await role.query('UPDATE orders SET note = NULL WHERE id = 2')).rowCount).toBe(0)
})
