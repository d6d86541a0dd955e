import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../../../src/sql/parser.js'
import { EQUALS, isProven, ORDERS, PIN } from './proof.js'

beforeAll(loadParser)

const FIRM = `orders.tenant_id ${EQUALS} ANY ('{acme}')`
const GUARDED = `(public.orders JOIN (SELECT) AS _tg1 ON ${FIRM})`

describe('verify lets a login that only reads', () => {
  test.each([
    ['read', 'SELECT * FROM orders', `SELECT * FROM ${GUARDED}`],
    ['copy out', 'COPY (SELECT * FROM orders) TO STDOUT', `COPY (SELECT * FROM ${GUARDED}) TO STDOUT`],
  ])('%s', (_title, original, scoped) => {
    expect(isProven(original, scoped, { kind: 'analyst' })).toBe(true)
    expect(isProven(original, scoped, { kind: 'reader' })).toBe(true)
  })

  test.each([
    ['update', "UPDATE orders SET note = 'x'", `UPDATE public.orders SET note = 'x' WHERE ${FIRM}`],
    ['delete', 'DELETE FROM orders', `DELETE FROM public.orders WHERE ${FIRM}`],
    [
      'insert',
      'INSERT INTO orders (id) VALUES (1)',
      "INSERT INTO public.orders (id, tenant_id) VALUES (1, 'acme')",
    ],
    [
      'delete in a WITH',
      'WITH d AS (DELETE FROM orders RETURNING id) SELECT * FROM d',
      `WITH d AS (DELETE FROM public.orders WHERE ${FIRM} RETURNING id) SELECT * FROM d`,
    ],
    ['delete in EXPLAIN', 'EXPLAIN DELETE FROM orders', `EXPLAIN DELETE FROM public.orders WHERE ${FIRM}`],
    [
      'make a table',
      'CREATE TEMP TABLE t AS SELECT * FROM orders',
      `CREATE TEMP TABLE t AS SELECT * FROM ${GUARDED}`,
    ],
    ['select into', 'SELECT * INTO TEMP t FROM orders', `SELECT * INTO TEMP t FROM ${GUARDED}`],
    ['lock rows', 'SELECT * FROM orders FOR SHARE', `SELECT * FROM ${GUARDED} FOR SHARE`],
  ])('not %s', (_title, original, scoped) => {
    expect(isProven(original, scoped, { kind: 'reader' })).toBe(false)
    expect(isProven(original, scoped, { kind: 'analyst' })).toBe(false)
  })
})

describe('verify proves nothing that names one of several tenants', () => {
  test.each([
    ['in a guard', 'SELECT * FROM orders', `SELECT * FROM ${ORDERS}`],
    [
      'in a fence',
      'SELECT * FROM orders',
      `SELECT * FROM (SELECT * FROM public.orders WHERE ${PIN} OFFSET 0) AS orders`,
    ],
  ])('%s', (_title, original, scoped) => {
    expect(isProven(original, scoped)).toBe(true)
    expect(isProven(original, scoped, { kind: 'analyst' })).toBe(false)
  })
})
