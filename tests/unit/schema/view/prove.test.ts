import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { introspect } from '../../../../src/schema/introspect.js'
import type { ViewProof } from '../../../../src/schema/relation.js'
import { loadParser } from '../../../../src/sql/parser.js'
import { type TestDatabase, testDatabase } from '../../../support/database.js'
import { rules } from './rules.js'

const SCHEMA = `
CREATE TABLE orders (tenant_id text NOT NULL, id int PRIMARY KEY, status text, total numeric, note varchar(20));
CREATE TABLE items (tenant_id varchar(20) NOT NULL, id int PRIMARY KEY, order_id int, amount int);
CREATE TABLE notes (tenant_id varchar(20) NOT NULL, id int PRIMARY KEY, order_id int, body text);
CREATE TABLE lines (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders (id), quantity int, price int);
CREATE TABLE countries (code text PRIMARY KEY, name text);
CREATE FUNCTION everything() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM orders';
CREATE VIEW open_orders AS SELECT tenant_id, id, status FROM orders WHERE status = 'open';
CREATE VIEW cross_join AS SELECT o.tenant_id, i.id FROM orders o, items i;
`

/** The proof is over whole names: `tenant_id` of the view must be one of the columns proven. */
const PROVEN: readonly (readonly [string, string])[] = [
  ['a plain view', 'SELECT tenant_id, id FROM orders'],
  ['a renamed column', 'SELECT id, tenant_id AS tenant_id FROM orders o(tenant_id, id)'],
  [
    'a list of constants',
    "SELECT tenant_id FROM orders WHERE status IN ('a', 'b') AND note = ANY ('{x,y}'::text[])",
  ],
  ['a filter', "SELECT tenant_id FROM orders WHERE status = 'open' AND (total > 5 OR note IS NULL)"],
  [
    'an inner join on the tenant',
    'SELECT o.tenant_id, i.id FROM orders o JOIN items i ON i.tenant_id = o.tenant_id',
  ],
  [
    'a join in WHERE',
    'SELECT o.tenant_id FROM orders o, items i WHERE i.tenant_id = o.tenant_id AND i.order_id = o.id',
  ],
  [
    'varchar compared with varchar',
    'SELECT i.tenant_id FROM items i JOIN notes n ON n.tenant_id = i.tenant_id',
  ],
  ['USING', 'SELECT tenant_id, o.id FROM orders o JOIN items i USING (tenant_id)'],
  [
    'NATURAL and several USING',
    'SELECT tenant_id FROM items i JOIN notes n USING (tenant_id) JOIN orders o USING (tenant_id)',
  ],
  [
    'the preserved side of LEFT JOIN',
    'SELECT o.tenant_id, i.id FROM orders o LEFT JOIN items i ON i.tenant_id = o.tenant_id',
  ],
  [
    'the preserved side of RIGHT JOIN',
    'SELECT o.tenant_id, i.id FROM items i RIGHT JOIN orders o ON i.tenant_id = o.tenant_id',
  ],
  [
    'a chain of joins',
    'SELECT o.tenant_id FROM orders o JOIN items i ON i.tenant_id = o.tenant_id JOIN notes n ON n.tenant_id = i.tenant_id',
  ],
  ['a shared table beside', 'SELECT o.tenant_id, c.name FROM orders o CROSS JOIN countries c'],
  [
    'a child by its foreign key',
    'SELECT o.tenant_id, l.quantity FROM lines l JOIN orders o ON o.id = l.order_id',
  ],
  [
    'totals of children',
    'SELECT o.tenant_id, o.id, sum(l.quantity * l.price) FROM orders o LEFT JOIN lines l ON l.order_id = o.id GROUP BY o.tenant_id, o.id',
  ],
  [
    'two children of one parent',
    'SELECT o.tenant_id FROM orders o JOIN lines a ON a.order_id = o.id JOIN lines b ON b.order_id = a.order_id',
  ],
  [
    'grouping by the tenant',
    'SELECT tenant_id, count(*) FROM orders GROUP BY tenant_id, status HAVING count(*) > 1',
  ],
  [
    'grouping by the primary key',
    'SELECT o.tenant_id, o.id, count(*) FROM orders o JOIN lines l ON l.order_id = o.id GROUP BY o.id',
  ],
  ['DISTINCT', 'SELECT DISTINCT tenant_id, status FROM orders'],
  [
    'DISTINCT ON the tenant',
    'SELECT DISTINCT ON (tenant_id) tenant_id, id FROM orders ORDER BY tenant_id, id',
  ],
  [
    'a window per tenant',
    'SELECT tenant_id, row_number() OVER (PARTITION BY tenant_id ORDER BY id) FROM orders',
  ],
  [
    'a named window per tenant',
    'SELECT tenant_id, rank() OVER w, count(*) OVER w FROM orders WINDOW w AS (PARTITION BY tenant_id ORDER BY id)',
  ],
  ['a subquery', 'SELECT s.tenant_id FROM (SELECT tenant_id, id FROM orders) s'],
  [
    'a grouped subquery joined by the tenant',
    'SELECT o.tenant_id, s.n FROM orders o JOIN (SELECT tenant_id, count(*) AS n FROM items GROUP BY tenant_id) s ON s.tenant_id = o.tenant_id',
  ],
  [
    'LATERAL with LIMIT for the tenant',
    'SELECT o.tenant_id, s.id FROM orders o CROSS JOIN LATERAL (SELECT i.id FROM items i WHERE i.tenant_id = o.tenant_id ORDER BY i.id LIMIT 1) s',
  ],
  [
    'EXISTS for the tenant',
    'SELECT tenant_id FROM orders o WHERE NOT EXISTS (SELECT FROM items i WHERE i.tenant_id = o.tenant_id)',
  ],
  [
    'a scalar subquery for the tenant',
    'SELECT tenant_id, (SELECT count(*) FROM items i WHERE i.tenant_id = o.tenant_id) FROM orders o',
  ],
  ['UNION ALL', 'SELECT tenant_id, id FROM orders UNION ALL SELECT tenant_id, id FROM items'],
  [
    'UNION of three',
    'SELECT tenant_id FROM orders UNION SELECT tenant_id FROM items UNION SELECT tenant_id FROM notes',
  ],
  ['a CTE', 'WITH s AS (SELECT tenant_id FROM orders) SELECT s.tenant_id FROM s'],
  ['a view over a view', 'SELECT tenant_id, id FROM open_orders'],
  [
    'views joined by the tenant',
    'SELECT a.tenant_id FROM open_orders a JOIN items b ON b.tenant_id = a.tenant_id',
  ],
  ['a function of one relation', 'SELECT tenant_id, 1 / id AS x FROM orders WHERE upper(status) = note'],
]

const UNPROVEN: readonly (readonly [string, string])[] = [
  ['an array constructor', 'SELECT tenant_id, id FROM orders WHERE ARRAY[status, note] IS NOT NULL'],
  ['a cast to an array', 'SELECT tenant_id, id FROM orders WHERE status::int[] IS NOT NULL'],
  ['a constant', "SELECT 'acme'::text AS tenant_id, id FROM orders"],
  ['an expression', 'SELECT lower(tenant_id) AS tenant_id FROM orders'],
  ['a column of another name', 'SELECT note AS tenant_id FROM orders'],
  ['an unrelated join', 'SELECT o.tenant_id, i.id FROM orders o, items i'],
  ['a join on another column', 'SELECT o.tenant_id FROM orders o JOIN items i ON i.order_id = o.id'],
  [
    'an equality under OR',
    'SELECT o.tenant_id FROM orders o JOIN items i ON i.tenant_id = o.tenant_id OR i.id = 1',
  ],
  ['an inequality', 'SELECT o.tenant_id FROM orders o JOIN items i ON i.tenant_id >= o.tenant_id'],
  ['a negated equality', 'SELECT o.tenant_id FROM orders o JOIN items i ON NOT i.tenant_id = o.tenant_id'],
  [
    'the nullable side of LEFT JOIN',
    'SELECT i.tenant_id FROM orders o LEFT JOIN items i ON i.tenant_id = o.tenant_id',
  ],
  [
    'the nullable side beside a shared table',
    'SELECT o.tenant_id FROM countries c LEFT JOIN orders o ON o.status = c.code',
  ],
  ['FULL JOIN', 'SELECT o.tenant_id FROM orders o FULL JOIN items i ON i.tenant_id = o.tenant_id'],
  [
    'two preserved relations tied through a nullable one',
    'SELECT o.tenant_id FROM orders o CROSS JOIN notes n LEFT JOIN items i ON i.tenant_id = o.tenant_id AND i.tenant_id = n.tenant_id',
  ],
  ['a child without its parent', 'SELECT o.tenant_id, l.quantity FROM lines l CROSS JOIN orders o'],
  ['a child by another column', 'SELECT o.tenant_id FROM lines l JOIN orders o ON o.id = l.id'],
  ['LIMIT', 'SELECT tenant_id FROM orders ORDER BY id LIMIT 10'],
  ['OFFSET in a subquery', 'SELECT s.tenant_id FROM (SELECT tenant_id FROM orders OFFSET 1) s'],
  ['a window over all', 'SELECT tenant_id, row_number() OVER (ORDER BY id) FROM orders'],
  ['a window by another key', 'SELECT tenant_id, rank() OVER (PARTITION BY status ORDER BY id) FROM orders'],
  ['DISTINCT ON another key', 'SELECT DISTINCT ON (status) tenant_id, status FROM orders ORDER BY status'],
  ['an aggregate of the column', 'SELECT max(tenant_id) AS tenant_id FROM orders'],
  [
    'grouping by part of what decides the tenant',
    'SELECT max(o.tenant_id) AS tenant_id, o.status FROM orders o GROUP BY o.status',
  ],
  ['grouping sets', 'SELECT tenant_id, count(*) FROM orders GROUP BY ROLLUP (tenant_id)'],
  [
    'a grouped subquery of all',
    'SELECT o.tenant_id, s.n FROM orders o CROSS JOIN (SELECT count(*) AS n FROM items) s',
  ],
  [
    'LATERAL with LIMIT for all',
    'SELECT o.tenant_id, s.id FROM orders o CROSS JOIN LATERAL (SELECT i.id FROM items i WHERE i.order_id = o.id LIMIT 1) s',
  ],
  [
    'EXISTS for all',
    'SELECT tenant_id FROM orders o WHERE EXISTS (SELECT FROM items i WHERE i.order_id = o.id)',
  ],
  ['a scalar subquery for all', 'SELECT tenant_id, (SELECT count(*) FROM items) FROM orders o'],
  [
    'a subquery in ORDER BY',
    'SELECT tenant_id FROM orders o ORDER BY (SELECT max(i.amount) FROM items i WHERE i.order_id = o.id)',
  ],
  [
    'a subquery that is filtered outside only',
    'SELECT o.tenant_id FROM orders o WHERE o.tenant_id IN (SELECT i.tenant_id FROM items i)',
  ],
  ['UNION ALL with a constant', "SELECT tenant_id FROM orders UNION ALL SELECT 'acme'"],
  [
    'UNION ALL in another order',
    'SELECT tenant_id, status FROM orders UNION ALL SELECT body, tenant_id FROM notes',
  ],
  ['LIMIT of a UNION', 'SELECT tenant_id FROM orders UNION ALL SELECT tenant_id FROM items LIMIT 5'],
  ['INTERSECT', 'SELECT tenant_id FROM orders INTERSECT SELECT tenant_id FROM items'],
  [
    'WITH RECURSIVE',
    'WITH RECURSIVE s AS (SELECT tenant_id, id FROM orders UNION ALL SELECT tenant_id, id FROM s WHERE false) SELECT tenant_id FROM s',
  ],
  ['a CTE read twice', 'WITH s AS (SELECT tenant_id, id FROM orders) SELECT a.tenant_id, b.id FROM s a, s b'],
  ['a function of the user', 'SELECT tenant_id, everything() FROM orders'],
  [
    'SQL in a text',
    "SELECT tenant_id, query_to_xml('select * from orders', true, true, '')::text AS x FROM orders",
  ],
  ['TABLESAMPLE', 'SELECT tenant_id FROM orders TABLESAMPLE SYSTEM (50)'],
  ['a view that is not proven', 'SELECT tenant_id FROM cross_join'],
  [
    'a condition that fails on other rows of a join',
    'SELECT o.tenant_id FROM orders o JOIN items i ON i.tenant_id = o.tenant_id WHERE o.note::int > 0',
  ],
  [
    'a column that fails on other rows of a join',
    'SELECT o.tenant_id, 1 / i.amount AS x FROM orders o JOIN items i ON i.tenant_id = o.tenant_id',
  ],
  [
    'a condition that fails inside EXISTS',
    'SELECT o.tenant_id FROM orders o WHERE EXISTS (SELECT FROM items i WHERE i.tenant_id = o.tenant_id AND 1 / i.amount > 0)',
  ],
]

let database: TestDatabase
let client: Client

beforeAll(async () => {
  await loadParser()
  database = await testDatabase({ sql: SCHEMA })
  client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query('CREATE SCHEMA probe')
  for (const [place, [, query]] of [...PROVEN, ...UNPROVEN].entries()) {
    await client.query(`CREATE VIEW probe.v${place} AS ${query}`)
  }
  proofs = new Map(
    [...(await snapshot()).relations.values()].flatMap(({ name, view }) =>
      view === null ? [] : [[name, view]],
    ),
  )
})

afterAll(async () => {
  await client.end()
  await database.drop()
})

const snapshot = () =>
  introspect((sql) => client.query(sql), { previousGeneration: 0, viewRules: () => rules })
let proofs: ReadonlyMap<string, ViewProof>
const proofOf = (place: number) => proofs.get(`v${place}`)

describe('proveViews', () => {
  test.each(PROVEN.map(([title], place) => [title, place] as const))('proves %s', (_, place) => {
    expect([...(proofOf(place)?.columns.keys() ?? [])]).toContain('tenant_id')
    expect(proofOf(place)?.columns.get('tenant_id')?.column).toBe('tenant_id')
  })

  test.each(UNPROVEN.map(([title], place) => [title, place + PROVEN.length] as const))(
    'does not prove %s',
    (_, place) => {
      expect([...(proofOf(place)?.columns.keys() ?? [])]).toEqual([])
    },
  )

  const place = (title: string) => PROVEN.findIndex(([name]) => name === title)

  test('names every relation that is read, through views too', () => {
    expect(proofOf(place('views joined by the tenant'))?.reads).toEqual(
      expect.arrayContaining(['public\0open_orders', 'public\0orders', 'public\0items']),
    )
  })

  test('tells a definition that can fail from one that cannot', () => {
    expect(proofOf(place('a filter'))?.total).toBe(true)
    expect(proofOf(place('a function of one relation'))?.total).toBe(false)
  })

  test('tells a view of one relation from a view of several', () => {
    expect(proofOf(place('a filter'))?.single).toBe(true)
    expect(proofOf(place('a view over a view'))?.single).toBe(true)
    expect(proofOf(place('an inner join on the tenant'))?.single).toBe(false)
    expect(proofOf(place('EXISTS for the tenant'))?.single).toBe(false)
  })
})
