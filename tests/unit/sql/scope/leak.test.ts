import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../../../src/sql/parser.js'
import { scoping } from '../edits.js'

beforeAll(loadParser)

/** A wrong "firm" costs a plan; these are the filters that applications live by. */
const PLAIN = [
  'id = 1',
  'id = $1',
  "note = 'x'",
  'id <> 1 AND id > 1 AND id >= 1 AND id < 9 AND id <= 9',
  'id BETWEEN 1 AND 5',
  'id NOT BETWEEN $1 AND $2',
  'id IN (1, 2, 3)',
  "note NOT IN ('a', 'b')",
  "id = ANY ('{1,2}')",
  'id = ANY ($1)',
  'id = ANY (ARRAY[1, 2])',
  "note LIKE 'a%'",
  "note NOT LIKE 'a%'",
  "note ILIKE 'a%'",
  'note IS NULL OR total IS NOT NULL',
  "note IS DISTINCT FROM 'x'",
  'NOT (id = 1 OR id = 2)',
  '(id, note) = (1, $1)',
  "(created_at, id) < ('2026-01-01', 5)",
  "created_at > '2026-01-01'::timestamptz",
  "created_at >= timestamptz '2026-01-01'",
  "created_at > now() - interval '7 days'",
  "created_at < CURRENT_TIMESTAMP + interval '1 month'",
  'created_at > now()',
  'total > 5.5',
  'total = id',
  'id = $1::int',
  'true',
  'EXISTS (SELECT FROM users u WHERE u.id = orders.id)',
  'id IN (SELECT u.id FROM users u)',
  'id = id',
  "created_at <= date '1998-12-01' - interval '90' day",
  "created_at < date '1994-01-01' + interval '1' year",
  "created_at < '1994-01-01'::date + interval '3 months'",
  "created_at >= date '1994-01-01' + 30",
  'created_at >= CURRENT_DATE - 30',
  'total BETWEEN 0.06 - 0.01 AND 0.06 + 0.01',
  'id <= 10 + 1',
  'total = (SELECT min(o.total) FROM orders o WHERE o.id = orders.id)',
  'id > (SELECT max(id) FROM users)',
]

/** Each can fail on a value, and the planner counts it: a firm pin runs before it. */
const FIRM = [
  'note::int > 5',
  "CAST(note AS date) = '2026-01-01'",
  "note::jsonb = '{}'",
  'note::boolean',
  'total::int = 5',
  'id::text::int = 5',
  'note::regclass IS NOT NULL',
  'note COLLATE "C" = \'x\'',
  '1 / id = 1',
  'id % 2 = 0',
  'id + 1 > 5',
  '-id < 0',
  'total * total > 5',
  "note || 'x' = 'y'",
  "note ~ 'a'",
  "note !~* 'a'",
  "note SIMILAR TO 'a'",
  "'x' LIKE note",
  'note LIKE note',
  "to_date(note, 'YYYY') IS NOT NULL",
  'parse_ident(note) IS NOT NULL',
  "decode(note, 'hex') IS NOT NULL",
  "has_table_privilege(note, 'select')",
  'xmlparse(document note) IS NOT NULL',
  "jsonb_path_exists('{}', note::jsonpath)",
  'slugify(note) = 1::text',
  "CASE WHEN note = 'x' THEN 1 / (id - id) END = 1",
  'COALESCE(note::int, 1) = 1',
  'note::int[] IS NOT NULL',
  'note::_int4 IS NOT NULL',
  'id = ANY (note::int[])',
  "JSON_VALUE(note, '$.a') = 'x'",
  "CASE note WHEN 'a' THEN 'b' ELSE 'c' END = 'b'",
  'NULLIF(note::int, 1) = 1',
  'GREATEST(note::int, 1) = 1',
  'orders < ROW(1)',
  'orders.* = ROW(1)',
  'GREATEST(ROW(id), ROW(1, 2)) IS NOT NULL',
  'COALESCE(ROW(id), NULL) < ROW(1, 2)',
  'COALESCE((SELECT \'x\' COLLATE "POSIX"), note) > (SELECT \'x\' COLLATE "C")',
  '(SELECT max(note::int) FROM countries) > 5',
  'EXISTS (SELECT FROM users u WHERE u.name::int = orders.id)',
  'id IN (SELECT u.name::int FROM users u)',
  'note IS JSON',
  'extract(year FROM created_at) = 2026',
  "created_at + interval '1 day' > now()",
  'created_at > now() - note::interval',
  "created_at > now() - interval '99999999 years'",
  'created_at AT TIME ZONE note IS NOT NULL',
  "substring(note, id) = 'x'",
  "repeat(note, 100000000) = 'x'",
  'note = lpad($1, id)',
  "format(note, id) = 'x'",
  "created_at > date '1998-12-01' - interval '99999 years'",
  "created_at > timestamp 'infinity' - interval '1' day",
  "created_at > date '0001-01-01' - interval '9999' year",
  "created_at > date '1998-12-01' + 999999999",
  'created_at > now() - 7',
  "created_at > date '1998-12-01' * interval '90' day",
  'id < 2147483647 + 1',
  'id < 1 + 0.5',
  'id < 1 / 0',
  'id = (SELECT count(*) FROM users)',
  'total = (SELECT sum(o.total) FROM orders o)',
  'total = (SELECT min(o.total) FROM orders o GROUP BY o.id)',
  'total = (SELECT min(o.total) FROM orders o LIMIT 1)',
  'total = (SELECT min(o.total) FROM orders o UNION SELECT 1)',
  'total = (SELECT min(o.total) + 1 FROM orders o)',
  'total = (SELECT min(orders.total) FROM users u)',
  'total = (SELECT min(total) FROM users u)',
  'total = (SELECT min(o.total) FROM orders o WHERE o.note::int = 1)',
  'total = (SELECT min(o.n) FROM (SELECT 1 / id AS n FROM orders) o)',
  'total = (SELECT min(o.note) FROM orders o)',
  "note = (SELECT min(area) FROM shapes WHERE mood = 'x')",
  '$1 = (SELECT min(o.total) FROM orders o)',
  'lower(note) = (SELECT min(o.note) FROM orders o)',
]

/** The planner counts these as cheaper than a firm pin, or can't count them at all. */
const FENCE = ['quick(note) IS NOT NULL', 'inlined(note) IS NOT NULL']

const RANK = { plain: 0, firm: 1, fence: 2 } as const

function rank(text: string): number {
  return RANK[scoping(text).strength]
}

describe('a filter that no value can make fail leaves the pin plain:', () => {
  test.each(PLAIN)('%s', (filter) => {
    expect(scoping(`SELECT * FROM orders WHERE ${filter}`).strength).toBe('plain')
  })
})

describe('a filter that a value can make fail', () => {
  test.each(FIRM)('makes the pin firm: %s', (filter) => {
    expect(rank(`SELECT * FROM orders WHERE ${filter}`)).toBeGreaterThanOrEqual(RANK.firm)
  })

  test.each(FENCE)('and costs nothing, puts a fence around the relation: %s', (filter) => {
    expect(rank(`SELECT * FROM orders WHERE ${filter}`)).toBe(RANK.fence)
  })

  test.each([
    ['in a join', 'SELECT 1 FROM orders o JOIN users u ON u.name::int = o.id'],
    ['in an outer join', 'SELECT 1 FROM orders o LEFT JOIN users u ON u.name::int = o.id'],
    ['in HAVING', 'SELECT note FROM orders GROUP BY note HAVING note::int > 5'],
    ['behind a subquery', 'SELECT 1 FROM (SELECT note FROM orders) q WHERE q.note::int > 5'],
    ['inside a subquery', 'SELECT 1 FROM (SELECT 1 FROM orders WHERE note::int > 5) q'],
    ['in a column of a subquery', 'SELECT 1 FROM (SELECT note::int AS n FROM orders) q WHERE q.n > 5'],
    ['behind DISTINCT', 'SELECT 1 FROM (SELECT DISTINCT note FROM orders) q WHERE q.note::int > 5'],
    [
      'behind a set operation',
      'SELECT 1 FROM (SELECT note FROM orders UNION SELECT name FROM users) q WHERE q.note::int > 5',
    ],
    [
      'behind a window',
      'SELECT 1 FROM (SELECT note, rank() OVER (PARTITION BY note ORDER BY id) FROM orders) q WHERE q.note::int > 5',
    ],
    ['behind a WITH query', 'WITH q AS (SELECT note FROM orders) SELECT 1 FROM q WHERE q.note::int > 5'],
    ['in a WITH query', 'WITH q AS (SELECT note::int AS n FROM orders) SELECT 1 FROM q WHERE q.n > 5'],
    ['behind LATERAL', 'SELECT 1 FROM orders o, LATERAL (SELECT o.note::int AS n) q WHERE q.n > 5'],
    ['in a whole row of a subquery', 'SELECT 1 FROM (SELECT * FROM orders) q WHERE q < ROW(1)'],
    ['in an arm of a set operation', 'SELECT id FROM orders UNION SELECT id FROM orders WHERE note::int > 5'],
    ['in an UPDATE', 'UPDATE orders SET note = 1::text WHERE note::int > 5'],
    ['in a DELETE', 'DELETE FROM orders WHERE note::int > 5'],
    ['in a FROM of UPDATE', 'UPDATE orders SET note = name FROM users WHERE users.name::int = orders.id'],
    ['in a MERGE', 'MERGE INTO orders o USING users u ON u.name::int = o.id WHEN MATCHED THEN DELETE'],
    ['in the query of an INSERT', 'INSERT INTO users (id) SELECT id FROM orders WHERE note::int > 5'],
    ['under EXPLAIN', 'EXPLAIN SELECT 1 FROM orders WHERE note::int > 5'],
    ['in MIN and MAX, which become a filter', 'SELECT max(note::int) FROM orders'],
  ])('counts %s', (_title, text) => {
    expect(rank(text)).toBeGreaterThanOrEqual(RANK.firm)
  })
})

describe('an expression that runs on rows that have passed leaves the pin plain:', () => {
  test.each([
    'SELECT note::int, 1 / id FROM orders',
    'SELECT * FROM orders ORDER BY note::int',
    'SELECT sum(note::int) FROM orders',
    'SELECT sum(total) FROM orders GROUP BY note HAVING sum(total) > 5',
    'SELECT * FROM orders LIMIT $1 OFFSET ($2 - 1) * $1',
    'SELECT DISTINCT note::int FROM orders',
    'INSERT INTO orders (id) SELECT note::int FROM orders',
    'UPDATE orders SET total = note::numeric',
    'DELETE FROM orders RETURNING note::int',
    'SELECT * FROM orders FOR UPDATE',
    'UPDATE orders SET note = x.note FROM (VALUES (1, $1)) AS x (id, note) WHERE orders.id = 1',
  ])('%s', (text) => {
    expect(scoping(text).strength).toBe('plain')
  })
})

describe('an output of a subquery in FROM under a name of its own', () => {
  test.each([
    'SELECT year, sum(volume) FROM (SELECT extract(year FROM created_at) AS year, total * 2 AS volume FROM orders) q GROUP BY year ORDER BY year',
    'SELECT q.* FROM (SELECT note::int AS n FROM orders) q ORDER BY n LIMIT 5',
    'SELECT n FROM (SELECT id, note::int AS n FROM orders) q JOIN users u ON u.id = q.id',
    'SELECT sum(n) FROM (SELECT note::int AS n FROM orders) q HAVING sum(n) > 5',
    'SELECT n FROM orders o, LATERAL (SELECT o.note::int AS n) q',
    'INSERT INTO orders (id) SELECT n FROM (SELECT note::int AS n FROM orders) q',
  ])('leaves the pin plain where no filter names it: %s', (text) => {
    expect(scoping(text).strength).toBe('plain')
  })

  test.each([
    ['in a filter', 'SELECT 1 FROM (SELECT note::int AS n FROM orders) q WHERE n IS NOT NULL'],
    ['in a join', 'SELECT 1 FROM (SELECT note::int AS n FROM orders) q JOIN users u ON u.id = n'],
    ['in a join by name', 'SELECT 1 FROM (SELECT note::int AS id FROM orders) q JOIN users USING (id)'],
    ['in a natural join', 'SELECT 1 FROM (SELECT note::int AS id FROM orders) q NATURAL JOIN users'],
    ['under a new name', 'SELECT 1 FROM (SELECT note::int FROM orders) q (n) WHERE n = 1'],
    ['as a row', 'SELECT 1 FROM (SELECT note::int AS n FROM orders) q WHERE q = ROW(1)'],
    ['as all of it', 'SELECT 1 FROM (SELECT note::int AS n FROM orders) q WHERE q.* IS NOT NULL'],
    ['as a call', 'SELECT 1 FROM (SELECT note::int AS abs FROM orders) q WHERE abs(q) = 1'],
    ['two levels up', 'SELECT 1 FROM (SELECT n FROM (SELECT note::int AS n FROM orders) q) r WHERE n = 1'],
    [
      'through LATERAL',
      'SELECT 1 FROM (SELECT note::int AS n FROM orders) q, LATERAL (SELECT q.n) r WHERE r.n = 1',
    ],
    [
      'in a subquery',
      'SELECT (SELECT 1 FROM users u WHERE u.id = q.n) FROM (SELECT note::int AS n FROM orders) q',
    ],
    ['in MAX', 'SELECT max(n) FROM (SELECT note::int AS n FROM orders) q'],
    ['in HAVING', 'SELECT n FROM (SELECT note::int AS n FROM orders) q GROUP BY n HAVING n > 5'],
    [
      'in an UPDATE',
      'UPDATE users SET id = n FROM (SELECT note::int AS n FROM orders) q WHERE users.id = q.n',
    ],
    [
      'unnamed, called like a column of an outer query',
      "SELECT (SELECT 1 FROM (SELECT note::int FROM orders) q WHERE note > '5') FROM orders",
    ],
    [
      'with a filter of its own',
      'SELECT n FROM (SELECT (SELECT 1 FROM users WHERE name::int = 1) AS n FROM orders) q',
    ],
    [
      'beside a set operation',
      'SELECT n FROM (SELECT note::int AS n FROM orders UNION ALL SELECT id FROM users) q',
    ],
  ])('counts %s', (_title, text) => {
    expect(rank(text)).toBeGreaterThanOrEqual(RANK.firm)
  })
})

describe('a relation that is confined above its scan', () => {
  test.each([
    'SELECT * FROM items ORDER BY sku::int',
    'SELECT * FROM items GROUP BY sku::int',
    'SELECT DISTINCT sku::int FROM items',
    'SELECT rank() OVER (ORDER BY sku::int) FROM items',
    'SELECT rank() OVER w FROM items WINDOW w AS (ORDER BY sku::int)',
    'SELECT count(DISTINCT sku::int) FROM items',
    'SELECT array_agg(id ORDER BY sku::int) FROM items',
    'SELECT id FROM order_pairs ORDER BY other::int',
  ])('counts even what is sorted and grouped by: %s', (text) => {
    expect(rank(text)).toBeGreaterThanOrEqual(RANK.firm)
  })
})

describe('bulk statements of drivers and ORMs', () => {
  test.each([
    'UPDATE orders SET note = x.note FROM jsonb_to_recordset($1) AS x (id int, note text) WHERE x.id = orders.id',
    'UPDATE orders SET note = x.note FROM unnest($1::int[], $2::text[]) AS x (id, note) WHERE x.id = orders.id',
    "UPDATE orders SET note = x.note FROM (VALUES (1, 'a'), (2, 'b')) AS x (id, note) WHERE x.id = orders.id",
    'DELETE FROM orders WHERE id = ANY ($1::int[])',
    'DELETE FROM orders WHERE id IN (SELECT unnest($1::int[]))',
    "UPDATE orders SET note = 'x' WHERE id = ANY (ARRAY[1, 2]::int[])",
  ])('need no fence around their target: %s', (text) => {
    expect(rank(text)).toBeLessThan(RANK.fence)
  })
})
