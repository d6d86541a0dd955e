import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../../../src/sql/parser.js'
import { EQUALS, isProven, ORDERS, PIN, USERS } from './proof.js'

beforeAll(loadParser)

describe('verify refuses a read', () => {
  const original = 'SELECT * FROM orders'
  test.each([
    ['without a guard', 'SELECT * FROM public.orders'],
    ['of a name without a schema', 'SELECT * FROM orders'],
    ['of a name without a schema, under a guard', `SELECT * FROM ${ORDERS.replace('public.', '')}`],
    ['of a name with a database', `SELECT * FROM ${ORDERS.replace('public.', 'app.public.')}`],
    ['of an undeclared relation', 'SELECT * FROM public.secrets'],
    [
      'of an undeclared relation under a guard',
      `SELECT * FROM ${ORDERS.replace('public.orders', 'public.secrets')}`,
    ],
    [
      'of a relation that the snapshot does not know',
      `SELECT * FROM ${ORDERS.replace('public.', 'nowhere.')}`,
    ],
    ['of a catalog with secrets', 'SELECT * FROM pg_catalog.pg_authid'],
    ['with a guard on another column', `SELECT * FROM ${ORDERS.replace('orders.tenant_id', 'orders.note')}`],
    [
      'with a guard on no column of its own',
      `SELECT * FROM ${ORDERS.replace('orders.tenant_id', 'users.tenant_id')}`,
    ],
    [
      'with a guard on an unqualified column',
      `SELECT * FROM ${ORDERS.replace('orders.tenant_id', 'tenant_id')}`,
    ],
    [
      'with a guard on a column of a column',
      `SELECT * FROM ${ORDERS.replace('orders.tenant_id', 'public.orders.tenant_id')}`,
    ],
    ['with an outer join for a guard', `SELECT * FROM ${ORDERS.replace(' JOIN', ' LEFT JOIN')}`],
    ['with a full join for a guard', `SELECT * FROM ${ORDERS.replace(' JOIN', ' FULL JOIN')}`],
    ['with a natural join for a guard', 'SELECT * FROM (public.orders NATURAL JOIN (SELECT) AS _tg1)'],
    ['with a cross join for a guard', 'SELECT * FROM (public.orders CROSS JOIN (SELECT) AS _tg1)'],
    ['with a guard under an alias', `SELECT * FROM ${ORDERS} AS o`],
    ['with a lateral guard', `SELECT * FROM ${ORDERS.replace('JOIN (', 'JOIN LATERAL (')}`],
    ['with a guard turned round', `SELECT * FROM ((SELECT) AS _tg1 JOIN public.orders ON ${PIN})`],
    [
      'with a second relation inside the guard',
      `SELECT * FROM (public.orders CROSS JOIN public.users JOIN (SELECT) AS _tg1 ON ${PIN})`,
    ],
    ['with a guard that selects', `SELECT * FROM ${ORDERS.replace('(SELECT)', '(SELECT 1)')}`],
    [
      'with a guard that reads',
      `SELECT * FROM ${ORDERS.replace('(SELECT)', '(SELECT FROM public.secrets)')}`,
    ],
    ['with a guard that filters', `SELECT * FROM ${ORDERS.replace('(SELECT)', '(SELECT WHERE false)')}`],
    ['with a guard that names columns', `SELECT * FROM ${ORDERS.replace('_tg1', '_tg1 (a)')}`],
    ['with OR behind the pin', `SELECT * FROM ${ORDERS.replace(PIN, `${PIN} OR true`)}`],
    ['with AND behind the pin', `SELECT * FROM ${ORDERS.replace(PIN, `${PIN} AND true`)}`],
    ['with NOT in front of the pin', `SELECT * FROM ${ORDERS.replace(PIN, `NOT ${PIN}`)}`],
    ['with IS NOT NULL behind the pin', `SELECT * FROM ${ORDERS.replace(PIN, `(${PIN}) IS NOT NULL`)}`],
    ['with another tenant', `SELECT * FROM ${ORDERS.replace('acme', 'globex')}`],
    ['with a tenant of another case', `SELECT * FROM ${ORDERS.replace('acme', 'ACME')}`],
    ['with two tenants', `SELECT * FROM ${ORDERS.replace("'acme'", "ANY ('{acme,globex}')")}`],
    ['with a list for one', `SELECT * FROM ${ORDERS.replace("'acme'", "'{acme}'")}`],
    ['with one for a list', `SELECT * FROM ${ORDERS.replace("'acme'", "ANY ('acme')")}`],
    ['with ALL for ANY', `SELECT * FROM ${ORDERS.replace("'acme'", "ALL ('{acme}')")}`],
    ['with an operator of the search path', `SELECT * FROM ${ORDERS.replace(EQUALS, '=')}`],
    ['with an operator of another schema', `SELECT * FROM ${ORDERS.replace('pg_catalog', 'public')}`],
    ['with another operator', `SELECT * FROM ${ORDERS.replace('.=', '.>=')}`],
    ['with sides exchanged', `SELECT * FROM ${ORDERS.replace(PIN, `'acme' ${EQUALS} orders.tenant_id`)}`],
    ['with a cast of the tenant', `SELECT * FROM ${ORDERS.replace("'acme'", "'acme'::text")}`],
    ['with a number for the tenant', `SELECT * FROM ${ORDERS.replace("'acme'", '7')}`],
    ['with IN for ANY', `SELECT * FROM ${ORDERS.replace(`${EQUALS} 'acme'`, "IN ('acme')")}`],
    ['with the column on both sides', `SELECT * FROM ${ORDERS.replace("'acme'", 'orders.tenant_id')}`],
    ['with USING for ON', 'SELECT * FROM (public.orders JOIN (SELECT) AS _tg1 USING (tenant_id))'],
    ['with the pin in the WHERE', `SELECT * FROM public.orders WHERE ${PIN}`],
    [
      'with a fence nobody asked for around another relation',
      `SELECT * FROM (SELECT * FROM public.users WHERE users.tenant_id ${EQUALS} 'acme' OFFSET 0) AS orders`,
    ],
    ['with a fence without OFFSET', `SELECT * FROM (SELECT * FROM public.orders WHERE ${PIN}) AS orders`],
    [
      'with a fence of another OFFSET',
      `SELECT * FROM (SELECT * FROM public.orders WHERE ${PIN} OFFSET 1) AS orders`,
    ],
    [
      'with a fence of a parameter',
      `SELECT * FROM (SELECT * FROM public.orders WHERE ${PIN} OFFSET $1) AS orders`,
    ],
    [
      'with a fence that limits',
      `SELECT * FROM (SELECT * FROM public.orders WHERE ${PIN} LIMIT 9 OFFSET 0) AS orders`,
    ],
    ['with a fence without a pin', 'SELECT * FROM (SELECT * FROM public.orders OFFSET 0) AS orders'],
    [
      'with a fence that leaves columns out',
      `SELECT * FROM (SELECT id FROM public.orders WHERE ${PIN} OFFSET 0) AS orders`,
    ],
    [
      'with a fence that adds columns',
      `SELECT * FROM (SELECT *, 1 FROM public.orders WHERE ${PIN} OFFSET 0) AS orders`,
    ],
    [
      'with a fence that sorts',
      `SELECT * FROM (SELECT * FROM public.orders WHERE ${PIN} ORDER BY id OFFSET 0) AS orders`,
    ],
    [
      'with a fence over two relations',
      `SELECT * FROM (SELECT * FROM public.orders, public.users WHERE ${PIN} OFFSET 0) AS orders`,
    ],
    ['with a relation more', `SELECT * FROM ${ORDERS}, public.countries`],
    ['with a guarded relation more', `SELECT * FROM ${ORDERS}, ${USERS}`],
    ['with another relation in its place', `SELECT * FROM ${USERS}`],
    ['of a relation that has to be empty', 'SELECT * FROM pg_catalog.pg_stat_activity'],
  ])('%s', (_title, scoped) => {
    expect(isProven(original, scoped)).toBe(false)
  })
})
