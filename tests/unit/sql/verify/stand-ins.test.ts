import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../../../src/sql/parser.js'
import { EQUALS, isProven, ORDERS } from './proof.js'

beforeAll(loadParser)

const OWN = `, (SELECT pg_catalog.max(orders.id) AS last FROM ${ORDERS}) AS own`
const COLUMNS =
  'COALESCE(own.last, pg_sequence.seqstart) AS last_value, 0::pg_catalog.int8 AS log_cnt, own.last IS NOT NULL AS is_called'

function sequence({ columns = COLUMNS, own = OWN, oid = '501', name = 'orders_id_seq' } = {}): string {
  return `SELECT * FROM (SELECT ${columns} FROM pg_catalog.pg_sequence${own} WHERE pg_sequence.seqrelid ${EQUALS} ${oid}) AS ${name}`
}

describe('what stands in for a sequence', () => {
  test('is proven', () => {
    expect(isProven('SELECT * FROM orders_id_seq', sequence())).toBe(true)
    expect(isProven('SELECT * FROM public.orders_id_seq s', sequence({ name: 's' }))).toBe(true)
  })

  test.each([
    ['the sequence itself', 'SELECT * FROM public.orders_id_seq'],
    ['another sequence', sequence({ oid: '502' })],
    ['every sequence', sequence().replace(/ WHERE .*? 501/, '')],
    ['under another name', sequence({ name: 'x' })],
    ['other columns', sequence({ columns: 'own.last AS last_value' })],
    ['columns in another order', sequence({ columns: COLUMNS.split(', ').reverse().join(', ') })],
    ['rows of all tenants', sequence({ own: OWN.replace(ORDERS, 'public.orders') })],
    [
      'not pinned to the tenant',
      sequence({ own: OWN.replace(/ JOIN .*'/, ' JOIN (SELECT) AS _tg1 ON true') }),
    ],
    ['rows of a denied relation', sequence({ own: OWN.replace(ORDERS, 'public.secrets AS orders') })],
  ])('is refused: %s', (_title, scoped) => {
    expect(isProven('SELECT * FROM orders_id_seq', scoped)).toBe(false)
  })

  test('stands in for no table', () => {
    expect(isProven('SELECT * FROM orders', sequence({ name: 'orders' }))).toBe(false)
  })
})

describe('what stands in for a denied relation', () => {
  test.each([
    ['LOCK TABLE public.secrets IN ACCESS SHARE MODE', 'LOCK TABLE pg_catalog.pg_class IN ACCESS SHARE MODE'],
    ['COPY public.secrets (note) TO STDOUT', 'COPY (SELECT NULL AS note WHERE false) TO STDOUT'],
  ])('is proven: %s', (original, scoped) => {
    expect(isProven(original, scoped)).toBe(true)
  })

  test.each([
    [
      'the relation itself',
      'LOCK TABLE public.secrets IN ACCESS SHARE MODE',
      'LOCK TABLE public.secrets IN ACCESS SHARE MODE',
    ],
    [
      'for one that is not denied',
      'LOCK TABLE public.orders IN ACCESS SHARE MODE',
      'LOCK TABLE pg_catalog.pg_class IN ACCESS SHARE MODE',
    ],
    [
      'for one that is not there',
      'LOCK TABLE public.nothing IN ACCESS SHARE MODE',
      'LOCK TABLE pg_catalog.pg_class IN ACCESS SHARE MODE',
    ],
    [
      'another catalog',
      'LOCK TABLE public.secrets IN ACCESS SHARE MODE',
      'LOCK TABLE pg_catalog.pg_proc IN ACCESS SHARE MODE',
    ],
    [
      'in another mode',
      'LOCK TABLE public.secrets IN ACCESS SHARE MODE',
      'LOCK TABLE pg_catalog.pg_class IN ROW SHARE MODE',
    ],
    ['in a query', 'SELECT * FROM public.secrets', 'SELECT * FROM pg_catalog.pg_class'],
    ['its rows', 'COPY public.secrets (note) TO STDOUT', 'COPY (SELECT note FROM public.secrets) TO STDOUT'],
    ['a row', 'COPY public.secrets (note) TO STDOUT', 'COPY (SELECT NULL AS note) TO STDOUT'],
    ['all rows', 'COPY public.secrets (note) TO STDOUT', 'COPY (SELECT NULL AS note WHERE true) TO STDOUT'],
    ['a value', 'COPY public.secrets (note) TO STDOUT', "COPY (SELECT 'x' AS note WHERE false) TO STDOUT"],
    [
      'another column',
      'COPY public.secrets (note) TO STDOUT',
      'COPY (SELECT NULL AS id WHERE false) TO STDOUT',
    ],
    [
      'nothing for a tenant relation',
      'COPY public.orders (note) TO STDOUT',
      'COPY (SELECT NULL AS note WHERE false) TO STDOUT',
    ],
    [
      'nothing for one that is not there',
      'COPY public.nothing (note) TO STDOUT',
      'COPY (SELECT NULL AS note WHERE false) TO STDOUT',
    ],
  ])('is refused: %s', (_title, original, scoped) => {
    expect(isProven(original, scoped)).toBe(false)
  })
})

describe('a setting that a value names', () => {
  const call = "SELECT set_config(name, 'x', false) FROM pg_settings WHERE name = 'role'"
  const never = call.replace('pg_settings', '(pg_catalog.pg_settings JOIN (SELECT) AS _tg1 ON false)')

  test('is set where no row is', () => {
    expect(isProven(call, never)).toBe(true)
  })

  test.each([
    ['a row may be', call.replace('pg_settings', 'pg_catalog.pg_settings')],
    ['a guard lets rows through', never.replace('ON false', 'ON true')],
    ['another relation stands beside it', never.replace(' WHERE', ', public.countries WHERE')],
    ['another catalog is empty', never.replaceAll('pg_settings', 'pg_stat_activity')],
    ['an aggregate gives a row', never.replace('(name', '(max(name)')],
    ['an aggregate names it', never.replace('(name', "(coalesce(max(name), 'role')")],
    ['a grouping gives a row', `${never} GROUP BY GROUPING SETS (())`],
    ['another call stands beside it', never.replace(' FROM', ", set_config('ro' || 'le', 'x', false) FROM")],
  ])('is refused where %s', (_title, scoped) => {
    expect(isProven(scoped.replace(/\(pg_catalog\.(\w+) JOIN .*?\)\)? ON \w+\)/, '$1'), scoped)).toBe(false)
  })
})
