import { Client, type DatabaseError } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'

const SCHEMA = `
CREATE TABLE orders (tenant_id text NOT NULL, id int PRIMARY KEY, code text UNIQUE, note text);
CREATE TABLE lines (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders (id), amount int CHECK (amount < 100));
CREATE TABLE notes (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "Order" text CONSTRAINT "of an order" REFERENCES orders (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
  body text
);
`
const ROWS = `
INSERT INTO orders VALUES ('acme', 1, 'a1', 'x'), ('acme', 3, 'a3', 'y'), ('globex', 2, 'g2', 'z');
INSERT INTO lines VALUES (10, 1, 5), (11, 3, 6), (20, 2, 7);
INSERT INTO notes ("Order", body) VALUES ('a1', 'mine'), ('g2', 'theirs');
`

let database: TestDatabase
let gate: WholeGateway
let acme: Client
beforeAll(async () => {
  database = await testDatabase({ sql: SCHEMA + ROWS })
  gate = await wholeGateway(database, {
    policy: {
      relations: {
        'public.lines': { access: 'via', column: 'order_id', references: 'public.orders.id' },
        'public.notes': { access: 'via', column: 'Order', references: 'public.orders.code' },
      },
    },
  })
  acme = new Client({ connectionString: gate.url('acme') })
  await acme.connect()
})
afterEach(() => database.query(`TRUNCATE orders, lines, notes RESTART IDENTITY; ${ROWS}`))
afterAll(async () => {
  await acme?.end()
  await gate?.stop()
  await database?.drop()
})

const own = async () => (await acme.query('SELECT * FROM lines ORDER BY id')).rows
const all = async () => (await database.query('SELECT id, order_id, amount FROM lines ORDER BY id')).rows

/** Everything about an error that a client could tell servers apart by. */
function facts(error: unknown) {
  const { code, message, detail, hint, schema, table, column, constraint, position } = error as DatabaseError
  return { code, message, detail, hint, schema, table, column, constraint, position }
}

async function failure(client: Client, text: string, values?: unknown[]) {
  try {
    await client.query(text, values)
  } catch (error) {
    return facts(error)
  }
  throw new Error(`succeeded: ${text}`)
}

describe('a row whose parent is another tenant’s', () => {
  test.each([
    ['inserted', 'INSERT INTO lines VALUES (50, $1, 1)'],
    ['inserted beside others', 'INSERT INTO lines VALUES (50, 1, 1), (51, $1, 1)'],
    ['inserted from a query', 'INSERT INTO lines (id, order_id) SELECT 50 + id, $1::int FROM orders'],
    ['moved', 'UPDATE lines SET order_id = $1'],
    ['upserted', 'INSERT INTO lines VALUES (10, 1) ON CONFLICT (id) DO UPDATE SET order_id = $1'],
    ['made by a WITH query', 'WITH n AS (INSERT INTO lines VALUES (50, $1) RETURNING *) SELECT * FROM n'],
  ])('fails like one whose parent is nobody’s when it is %s', async (_title, text) => {
    const before = await all()
    const theirs = await failure(acme, text, [2])
    const nobodys = await failure(acme, text, [9])
    expect(theirs).toEqual(JSON.parse(JSON.stringify(nobodys).replaceAll('(9)', '(2)')))
    expect(await all()).toEqual(before)
  })

  test('fails in the words of PostgreSQL', async () => {
    const text = 'INSERT INTO lines VALUES (50, 9, 1)'
    const superuser = new Client({ connectionString: database.url })
    await superuser.connect()
    const expected = await failure(superuser, text)
    await superuser.end()
    expect(await failure(acme, text)).toEqual(expected)
    expect(expected.code).toBe('23503')
  })

  test('fails at once where the constraint is deferred, and says so', async () => {
    const value = `it's tg_parent ["a","b","c"] f " tg_parent`
    expect(await failure(acme, 'INSERT INTO notes ("Order") VALUES ($1)', [value])).toMatchObject({
      code: '23503',
      detail: `Key (Order)=(${value}) is not present in table "orders".`,
      hint: 'Through the gateway the parent has to be there before the row, though the constraint is deferred.',
      constraint: 'of an order',
      table: 'notes',
      schema: 'public',
    })
    expect(await failure(acme, 'INSERT INTO notes ("Order") VALUES ($1)', [''])).toMatchObject({
      code: '23503',
    })
  })
})

test('a deferred constraint gives nobody the time to take the parent’s place', async () => {
  const globex = new Client({ connectionString: gate.url('globex') })
  await globex.connect()
  await acme.query('DELETE FROM lines WHERE order_id = 3')
  await acme.query('BEGIN')
  await acme.query(`INSERT INTO notes ("Order") VALUES ('a3')`)
  await acme.query('DELETE FROM orders WHERE id = 3')
  await globex.query("SET lock_timeout TO '100ms'")
  expect(await failure(globex, `INSERT INTO orders (id, code) VALUES (9, 'a3')`)).toMatchObject({
    code: '55P03',
  })
  expect(await failure(acme, 'COMMIT')).toMatchObject({ code: '23503' })
  expect((await globex.query('SELECT body FROM notes')).rows).toEqual([{ body: 'theirs' }])
  await globex.end()
})

test('a row moves to no other tenant’s parent, though the constraint is deferred', async () => {
  await acme.query('BEGIN')
  expect(await failure(acme, `UPDATE notes SET "Order" = 'g2'`)).toMatchObject({ code: '23503' })
  await acme.query('ROLLBACK')
  // ON UPDATE CASCADE takes the row along with its own parent
  await acme.query(`UPDATE orders SET code = 'a9' WHERE code = 'a1'`)
  expect((await acme.query('SELECT "Order", body FROM notes')).rows).toEqual([{ Order: 'a9', body: 'mine' }])
  expect(await failure(acme, `UPDATE orders SET code = 'g2' WHERE id = 1`)).toMatchObject({ code: '23505' })
})

test('a row without a parent is refused, whether its column is nullable or not', async () => {
  expect(await failure(acme, 'INSERT INTO lines VALUES (50, NULL)')).toMatchObject({ code: '23502' })
  expect(await failure(acme, 'INSERT INTO notes ("Order") VALUES (NULL)')).toMatchObject({
    code: '23502',
    column: 'Order',
    message: 'null value in column "Order" of relation "notes" violates not-null constraint',
  })
  expect(await failure(acme, 'UPDATE notes SET "Order" = NULL')).toMatchObject({ code: '23502' })
  expect(await failure(acme, 'INSERT INTO lines (id) VALUES (50)')).toMatchObject({ code: '0A000' })
})

test('rows of parents of one’s own are written in every way', async () => {
  await acme.query('INSERT INTO lines VALUES (30, 1, 1), (31, $1, 2)', [3])
  await acme.query('INSERT INTO lines (amount, order_id, id) SELECT 9, max(id), 32 FROM orders')
  await acme.query('INSERT INTO lines (id, order_id) SELECT id + 30, order_id FROM lines WHERE id < 20')
  await acme.query(
    'INSERT INTO lines (id, order_id) SELECT 60, 1 UNION ALL SELECT 61, id FROM orders WHERE id = 3',
  )
  await acme.query(
    'INSERT INTO lines AS l VALUES (30, 1, 4) ON CONFLICT (id) DO UPDATE SET amount = l.amount + excluded.amount, order_id = 3',
  )
  const { rows } = await acme.query(
    'UPDATE lines l SET order_id = o.id FROM orders o WHERE o.id = 1 AND l.id = 31 RETURNING l.*',
  )
  expect(rows).toEqual([{ id: 31, order_id: 1, amount: 2 }])
  await acme.query('UPDATE lines SET (amount, order_id) = (amount + 1, 1) WHERE id = 32')
  expect(
    (
      await acme.query(
        'DELETE FROM lines USING orders o WHERE o.id = order_id AND o.note = $1 AND lines.id IN (60, 61)',
        ['y'],
      )
    ).rowCount,
  ).toBe(1)
  expect((await own()).map(({ id, order_id, amount }) => [id, order_id, amount])).toEqual([
    [10, 1, 5],
    [11, 3, 6],
    [30, 3, 5],
    [31, 1, 2],
    [32, 1, 10],
    [40, 1, null],
    [41, 3, null],
    [60, 1, null],
  ])
})

test('rows of other tenants’ parents are neither changed nor removed', async () => {
  const before = await all()
  expect((await acme.query('UPDATE lines SET amount = 0 WHERE id = 20')).rowCount).toBe(0)
  expect((await acme.query('DELETE FROM lines WHERE order_id = 2')).rowCount).toBe(0)
  const upsert = 'INSERT INTO lines VALUES (20, 1) ON CONFLICT (id) DO UPDATE SET amount = 0, order_id = 1'
  expect((await acme.query(upsert)).rowCount).toBe(0)
  expect(await all()).toEqual(before)
})

test('parents and their rows can be written by one statement', async () => {
  await acme.query(`WITH o AS (INSERT INTO orders (id) VALUES (5), (6) RETURNING id)
    INSERT INTO lines (id, order_id) SELECT o.id * 10, o.id FROM o`)
  await acme.query(`WITH o AS (UPDATE orders SET note = 'new' WHERE id = 1 RETURNING *)
    INSERT INTO lines (id, order_id) SELECT 70, id FROM o`)
  await acme.query(`WITH o AS (INSERT INTO orders (id) VALUES (7) RETURNING id AS k),
    l AS (INSERT INTO lines (id, order_id) VALUES (80, (SELECT k FROM o)), (81, 7) RETURNING order_id)
    SELECT * FROM l`)
  expect((await own()).map(({ id, order_id }) => `${id}:${order_id}`).join(' ')).toBe(
    '10:1 11:3 50:5 60:6 70:1 80:7 81:7',
  )
  const hidden = `WITH o AS (INSERT INTO orders (id) VALUES (8) RETURNING id)
    INSERT INTO lines (id, order_id) WITH o AS (SELECT 2 AS id) SELECT 90, o.id FROM o`
  expect(await failure(acme, hidden)).toMatchObject({ code: '0A000' })
})

test('a value is computed for each row, and once', async () => {
  await database.query('CREATE SEQUENCE ticket; GRANT ALL ON SEQUENCE ticket TO PUBLIC')
  await acme.query(
    "INSERT INTO lines (id, order_id) SELECT 30 + g, (2 * nextval('ticket') - 1 + g - g) FROM generate_series(1, 2) g",
  )
  expect((await own()).filter(({ id }) => id > 30).map(({ order_id }) => order_id)).toEqual([1, 3])
  const once =
    "INSERT INTO lines (id, order_id) SELECT 40 + g, nextval('ticket') FROM generate_series(1, 2) g"
  expect(await failure(acme, once)).toMatchObject({ code: '0A000' })
})

test('the parent can’t go away and come back as another tenant’s before the row is written', async () => {
  await acme.query('BEGIN')
  await acme.query('INSERT INTO lines VALUES (30, 3)')
  const other = database.query(
    `SET lock_timeout TO '100ms'; DELETE FROM lines WHERE order_id = 3; DELETE FROM orders WHERE id = 3`,
  )
  await expect(other).rejects.toMatchObject({ code: '55P03' })
  await acme.query('ROLLBACK')
})
