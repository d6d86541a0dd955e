import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../../../src/sql/parser.js'
import { EQUALS, isProven, PIN } from './proof.js'

beforeAll(loadParser)

describe('verify refuses a read', () => {
  test.each([
    [
      'with a guard on the name that an alias hides',
      'SELECT * FROM orders AS o',
      `SELECT * FROM (public.orders AS o JOIN (SELECT) AS _tg1 ON ${PIN})`,
    ],
    [
      'with a guard on the column that an alias renamed',
      'SELECT * FROM orders AS o (a, b)',
      `SELECT * FROM (public.orders AS o (a, b) JOIN (SELECT) AS _tg1 ON o.tenant_id ${EQUALS} 'acme')`,
    ],
    [
      'with a guard on the column that an alias named as the tenant column',
      'SELECT * FROM orders AS o (tenant_id, b)',
      `SELECT * FROM (public.orders AS o (tenant_id, b) JOIN (SELECT) AS _tg1 ON o.tenant_id ${EQUALS} 'acme')`,
    ],
    [
      'with one guard for two relations',
      'SELECT * FROM orders a JOIN orders b ON a.id = b.id',
      `SELECT * FROM (public.orders a JOIN (SELECT) AS _tg1 ON a.tenant_id ${EQUALS} 'acme') JOIN public.orders b ON a.id = b.id`,
    ],
    [
      'with the guard of the other relation',
      'SELECT * FROM orders a, users b',
      `SELECT * FROM (public.orders a JOIN (SELECT) AS _tg1 ON b.tenant_id ${EQUALS} 'acme'), (public.users b JOIN (SELECT) AS _tg2 ON a.tenant_id ${EQUALS} 'acme')`,
    ],
    ['in a subquery', 'SELECT (SELECT count(*) FROM orders)', 'SELECT (SELECT count(*) FROM public.orders)'],
    [
      'in a WITH query nobody reads',
      'WITH q AS (SELECT * FROM orders) SELECT 1',
      'WITH q AS (SELECT * FROM public.orders) SELECT 1',
    ],
    [
      'in an arm of a set operation',
      'SELECT 1 UNION SELECT id FROM orders',
      'SELECT 1 UNION SELECT id FROM public.orders',
    ],
    ['in LIMIT', 'SELECT 1 LIMIT (SELECT 1 FROM orders)', 'SELECT 1 LIMIT (SELECT 1 FROM public.orders)'],
    [
      'in a window',
      'SELECT 1 WINDOW w AS (ORDER BY (SELECT 1 FROM orders))',
      'SELECT 1 WINDOW w AS (ORDER BY (SELECT 1 FROM public.orders))',
    ],
    ['in VALUES', 'VALUES ((SELECT 1 FROM orders))', 'VALUES ((SELECT 1 FROM public.orders))'],
    ['under EXPLAIN', 'EXPLAIN SELECT * FROM orders', 'EXPLAIN SELECT * FROM public.orders'],
    [
      "in a sample's argument",
      'SELECT * FROM countries TABLESAMPLE system ((SELECT 1 FROM orders))',
      'SELECT * FROM public.countries TABLESAMPLE system ((SELECT 1 FROM public.orders))',
    ],
    [
      'in the argument of a guarded sample',
      'SELECT * FROM orders TABLESAMPLE system ((SELECT 1 FROM users))',
      `SELECT * FROM (public.orders TABLESAMPLE system ((SELECT 1 FROM public.users)) JOIN (SELECT) AS _tg1 ON ${PIN})`,
    ],
    [
      'of a WITH name outside its scope',
      '(WITH q AS (SELECT 1) SELECT 1) UNION SELECT 1 FROM q',
      '(WITH q AS (SELECT 1) SELECT 1) UNION SELECT 1 FROM q',
    ],
    [
      'of a WITH name before its definition',
      'WITH a AS (SELECT * FROM q), q AS (SELECT 1) SELECT 1',
      'WITH a AS (SELECT * FROM q), q AS (SELECT 1) SELECT 1',
    ],
    [
      'of a WITH name inside itself',
      'WITH q AS (SELECT * FROM q) SELECT * FROM q',
      'WITH q AS (SELECT * FROM q) SELECT * FROM q',
    ],
    [
      'of a WITH name of another case',
      'WITH "Q" AS (SELECT 1) SELECT * FROM q',
      'WITH "Q" AS (SELECT 1) SELECT * FROM q',
    ],
    [
      'of a WITH name of a sibling subquery',
      'SELECT * FROM (WITH q AS (SELECT 1) SELECT 1) a, q',
      'SELECT * FROM (WITH q AS (SELECT 1) SELECT 1) a, q',
    ],
  ])('%s', (_title, original, scoped) => {
    expect(isProven(original, scoped)).toBe(false)
  })
})
