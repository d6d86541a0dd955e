import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../../../src/sql/parser.js'
import { EQUALS, isProven } from './proof.js'
import { FAILURE, INSERT, insert, MARK, PARENT, tied } from './tied.js'

beforeAll(loadParser)

describe('the key of a child', () => {
  test('is accepted when it is tied, under whatever names', () => {
    expect(isProven(INSERT, insert(tied('5')))).toBe(true)
    expect(isProven(INSERT, insert(tied('5').replace(/\bv\b/g, '"Any"').replace(/\bp\b/g, 'other')))).toBe(
      true,
    )
    expect(
      isProven(
        INSERT,
        insert(
          tied('5')
            .replace("'acme'", "'{acme}'")
            .replace(`tenant_id ${EQUALS} '{acme}'`, `tenant_id ${EQUALS} ANY ('{acme}')`),
        ),
      ),
    ).toBe(true)
  })

  test.each([
    ['as it is', /.*/s, '5'],
    ['tied to nothing', PARENT, 'true'],
    ['tied to any parent', ` AND p.tenant_id ${EQUALS} 'acme'`, ''],
    ['tied to another tenant', "'acme'", "'globex'"],
    ['tied to several tenants', `${EQUALS} 'acme'`, `${EQUALS} ANY ('{acme,globex}')`],
    ['tied by no column', `p.id ${EQUALS} v.v`, 'true'],
    ['tied by another column', 'p.id', 'p.total'],
    ['tied to itself', `p.id ${EQUALS} v.v`, `p.id ${EQUALS} p.id`],
    ['tied to another relation', 'public.orders', 'public.users'],
    ['tied to a relation of another schema', 'public.orders', 'archive.orders'],
    ['tied to whatever the path finds', 'public.orders', 'orders'],
    ['tied by whatever operator the path finds', `p.id ${EQUALS} v.v`, 'p.id = v.v'],
    ['tied to a parent of one name with the value', /\bp\b/g, 'v'],
    ['tied to a parent that may go away', ' FOR KEY SHARE', ''],
    ['tied to a parent that it may skip', 'FOR KEY SHARE', 'FOR KEY SHARE SKIP LOCKED'],
    ['of another type', 'CAST(5 AS pg_catalog.int4)', 'CAST(5 AS pg_catalog.int8)'],
    ['of another type with a length', 'CAST(5 AS pg_catalog.int4)', 'CAST(5 AS pg_catalog.varchar(2))'],
    ['of no type', 'CAST(5 AS pg_catalog.int4)', '5'],
    ['that may be folded', ' OFFSET 0', ''],
    ['that may be left out', 'OFFSET 0', 'OFFSET 1'],
    ['beside another row', ' OFFSET 0', ', (18) OFFSET 0'],
    ['that is another column', 'SELECT v.v FROM', 'SELECT 18 FROM'],
    ['that never fails', FAILURE, 'true'],
    ['that fails to NULL', FAILURE, 'NULL'],
    ['that fails without being known', MARK, "'tg_parent'"],
    ['that fails as another relation’s', MARK, MARK.replace('items', 'Labels')],
    ['that fails as one of another key', MARK, MARK.replace('tie', 'other')],
    ['that fails as a deferred one', MARK, MARK.replace('"]', '","deferred"]')],
    ['that fails by another function', 'pg_catalog.concat', 'concat'],
    ['that may be NULL', 'THEN true ELSE', 'THEN true WHEN v.v IS NULL THEN true ELSE'],
    ['that is anything', 'CASE WHEN', 'CASE WHEN true THEN true WHEN'],
    ['tied the other way round', 'CASE WHEN EXISTS', 'CASE WHEN NOT EXISTS'],
    ['tied by one of two conditions', /^(.*)\)$/s, '$1 OR true)'],
    ['tied by one more condition', /^(.*)\)$/s, '$1 AND true)'],
    ['that is another value', 'CAST(5 AS', 'CAST(18 AS'],
  ])('is refused %s', (_title, from: string | RegExp, to) => {
    const spoilt = tied('5').replace(from, to)
    expect(spoilt).not.toBe(tied('5'))
    expect(isProven(INSERT, insert(spoilt))).toBe(false)
  })

  test.each([
    ['left out', 'INSERT INTO items (id) VALUES (1)', 'INSERT INTO public.items (id) VALUES (1)'],
    ['left to the place of a column', INSERT, `INSERT INTO public.items VALUES (1, ${tied('5')})`],
    ['by default', 'INSERT INTO items (id, order_id) VALUES (1, DEFAULT)', insert('DEFAULT')],
    ['in another column’s place', INSERT, `INSERT INTO public.items (order_id, id) VALUES (1, ${tied('5')})`],
    [
      'in part',
      'INSERT INTO items (id, order_id[1]) VALUES (1, 5)',
      `INSERT INTO public.items (id, order_id[1]) VALUES (1, ${tied('5')})`,
    ],
    ['twice', INSERT, `INSERT INTO public.items (id, order_id, order_id) VALUES (1, ${tied('5')}, 18)`],
    [
      'behind a star',
      'INSERT INTO items SELECT o.*, 5 FROM (SELECT 1) o',
      `INSERT INTO public.items (id, order_id) SELECT o.*, ${tied('5')} FROM (SELECT 1) o`,
    ],
    [
      'in one arm only',
      'INSERT INTO items (id, order_id) SELECT 1, 5 UNION SELECT 2, 18',
      `INSERT INTO public.items (id, order_id) SELECT 1, ${tied('5')} UNION SELECT 2, 18`,
    ],
    [
      'with columns written out in another order',
      'INSERT INTO items VALUES (1, 5)',
      `INSERT INTO public.items (sku, order_id) VALUES (1, ${tied('5')})`,
    ],
    [
      'computed from others',
      'INSERT INTO derived (id, order_id) VALUES (1, 5)',
      insert(tied('5')).replace('items', 'derived'),
    ],
    [
      'rounded when it is stored',
      'INSERT INTO rounded (id, order_id) VALUES (1, 5)',
      insert(tied('5').replace('int4', 'numeric')).replace('items', 'rounded'),
    ],
    ['by COPY', 'COPY items FROM STDIN', 'COPY public.items FROM STDIN'],
  ])('is refused %s', (_title, original, scoped) => {
    expect(isProven(original, scoped)).toBe(false)
  })
})

describe('the keys of several rows', () => {
  const original = 'INSERT INTO items (id, order_id) VALUES (1, 5), (2, 6), (3, $1)'
  const rows = (keys: readonly string[], tail = '') =>
    `INSERT INTO public.items (id, order_id) VALUES ${keys.map((key, index) => `(${index + 1}, ${key})`).join(', ')}${tail}`

  test.each([
    ['each by itself', [tied('5'), tied('6'), tied('$1')]],
    ['at once', [tied('5', ['6', '$1']), '6', '$1']],
    ['some at once', [tied('5'), tied('6', ['$1']), '$1']],
  ])('are accepted when they are tied %s', (_title, keys) => {
    expect(isProven(original, rows(keys))).toBe(true)
  })

  test.each([
    ['one is not', [tied('5', ['6']), '6', '$1']],
    ['one is another', [tied('5', ['6', '$2']), '6', '$1']],
    ['they change places', [tied('5', ['$1', '6']), '6', '$1']],
    ['more are', [tied('5', ['6', '$1', '7']), '6', '$1']],
  ])('are refused when %s', (_title, keys) => {
    expect(isProven(original, rows(keys))).toBe(false)
  })

  test.each([
    ['an expression', '2 + 3'],
    ['a call', "currval('s')"],
    ['a subquery', '(SELECT 18)'],
    ['a cast by code of somebody', "'5'::sight"],
  ])('are refused when %s is written twice', (_title, value) => {
    const text = `INSERT INTO items (id, order_id) VALUES (1, 5), (2, ${value})`
    expect(isProven(text, rows([tied('5'), tied(value)]))).toBe(true)
    expect(isProven(text, rows([tied('5', [value]), value]))).toBe(false)
  })

  test('are refused when the one that asks for others may be cut off', () => {
    const keys = [tied('5', ['6', '$1']), '6', '$1']
    for (const tail of [' OFFSET 1', ' LIMIT 1', ' ORDER BY 1'])
      expect(isProven(original + tail, rows(keys, tail))).toBe(false)
    const single = [tied('5'), tied('6'), tied('$1')]
    expect(isProven(`${original} OFFSET 1`, rows(single, ' OFFSET 1'))).toBe(true)
  })
})

describe('a parent that the same statement makes', () => {
  const made = (query: string, column: string) =>
    tied('9').replace(
      ' ELSE',
      ` WHEN EXISTS (SELECT FROM ${query} AS p WHERE p.${column} ${EQUALS} v.v) THEN true ELSE`,
    )
  const ORDER = "INSERT INTO public.orders (id, tenant_id) VALUES (9, 'acme')"
  const scoped = (name: string, returning: string, key: string) =>
    `WITH ${name} AS (${ORDER} RETURNING ${returning}) ${insert(key)}`
  const original = (name: string, returning: string) =>
    `WITH ${name} AS (INSERT INTO orders (id) VALUES (9) RETURNING ${returning}) INSERT INTO items (id, order_id) VALUES (1, 9)`

  test.each([
    ['id', 'id'],
    ['*', 'id'],
    ['note, orders.id AS k', 'k'],
    ['orders.*', 'id'],
  ])('is accepted where RETURNING %s shows its key', (returning, column) => {
    expect(isProven(original('o', returning), scoped('o', returning, made('o', column)))).toBe(true)
  })

  test.each([
    ['another column under the key’s name', 'total AS id', 'id'],
    ['a constant under the key’s name', '18 AS id', 'id'],
    ['an old key', 'old.id', 'id'],
    ['another column', 'id, total', 'total'],
    ['no such column', 'id', 'k'],
  ])('is refused where its query returns %s', (_title, returning, column) => {
    expect(isProven(original('o', returning), scoped('o', returning, made('o', column)))).toBe(false)
  })

  test.each([
    ['one that isn’t there', original('o', 'id'), scoped('o', 'id', made('x', 'id'))],
    ['a relation', original('o', 'id'), scoped('o', 'id', made('public.orders', 'id'))],
    ['one with other names', original('o (id)', 'id'), scoped('o (id)', 'id', made('o', 'id'))],
    [
      'one that reads',
      'WITH o AS (SELECT 18 AS id) INSERT INTO items (id, order_id) VALUES (1, 9)',
      `WITH o AS (SELECT 18 AS id) ${insert(made('o', 'id'))}`,
    ],
    [
      'one that writes another relation',
      'WITH o AS (INSERT INTO users (id) VALUES (9) RETURNING id) INSERT INTO items (id, order_id) VALUES (1, 9)',
      `WITH o AS (INSERT INTO public.users (id, tenant_id) VALUES (9, 'acme') RETURNING id) ${insert(made('o', 'id'))}`,
    ],
    [
      'one that is hidden',
      'WITH o AS (INSERT INTO orders (id) VALUES (9) RETURNING id) INSERT INTO items (id, order_id) WITH o AS (SELECT 18 AS id) VALUES (1, 9)',
      `WITH o AS (${ORDER} RETURNING id) INSERT INTO public.items (id, order_id) WITH o AS (SELECT 18 AS id) VALUES (1, ${made('o', 'id')})`,
    ],
    [
      'one of several relations',
      'WITH o AS (UPDATE orders SET note = 1 FROM users RETURNING id) INSERT INTO items (id, order_id) VALUES (1, 9)',
      `WITH o AS (UPDATE public.orders SET note = 1 FROM (public.users JOIN (SELECT) AS _tg2 ON users.tenant_id ${EQUALS} 'acme') WHERE orders.tenant_id ${EQUALS} 'acme' RETURNING id) ${insert(made('o', 'id'))}`,
    ],
  ])('is refused where the query is %s', (_title, text, spoilt) => {
    expect(isProven(text, spoilt)).toBe(false)
  })
})
