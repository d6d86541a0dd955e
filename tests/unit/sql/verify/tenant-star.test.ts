import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../../../src/sql/parser.js'
import { EQUALS, isProven, ORDERS } from './proof.js'

beforeAll(loadParser)

const ARCHIVE = `(archive.orders JOIN (SELECT) AS _tg1 ON orders.tenant_id ${EQUALS} 'acme')`
const DEVICES = `(public.devices JOIN (SELECT) AS _tg1 ON devices.tenant_id ${EQUALS} 'acme')`
const USERS = `(public.users AS u JOIN (SELECT) AS _tg1 ON u.tenant_id ${EQUALS} 'acme')`

/** The source of rows as the client wrote it, and as it was scoped. */
function insert(into: string, select: string, [from, guarded]: readonly [string, string]): boolean {
  return isProven(
    `INSERT INTO ${into} SELECT ${select} FROM ${from}`,
    `INSERT INTO public.${into} SELECT ${select} FROM ${guarded}`,
  )
}

describe('verify takes for the tenant', () => {
  test.each([
    ['a star', 'orders', '*', ['archive.orders', ARCHIVE]],
    ['a star under its name', 'orders', 'orders.*', ['archive.orders', ARCHIVE]],
    ['a star between values', 'orders (note, id, tenant_id, total)', "'x', u.*", ['users u', USERS]],
    [
      'a star of a fence',
      'users',
      'u.*',
      ['users u', `(SELECT * FROM public.users WHERE users.tenant_id ${EQUALS} ANY ('{acme}') OFFSET 0) u`],
    ],
  ] as const)('%s', (_title, into, select, source) => {
    expect(insert(into, select, source)).toBe(true)
  })
})

describe('verify does not take for the tenant', () => {
  test.each([
    ['the star of an unguarded relation', 'orders', '*', ['archive.orders', 'archive.orders']],
    ['a star of other columns', 'orders (id, note, tenant_id)', '*', ['users u', USERS]],
    ['a star behind another', 'orders (id, note, total, created_at, tenant_id)', '*, *', ['users u', USERS]],
    ['a column in front of the star', 'orders (tenant_id, id, note, total)', "'x', u.*", ['users u', USERS]],
    ['a tenant of another type', 'users', '*', ['devices', DEVICES]],
    ['the star of a shared relation', 'orders', '*', ['countries', 'public.countries']],
    ['a star of two relations', 'orders', '*', ['archive.orders, users u', `${ARCHIVE}, ${USERS}`]],
    [
      'a star of a join that can leave NULL',
      'users',
      'u.*',
      ['archive.orders LEFT JOIN users u ON true', `${ARCHIVE} LEFT JOIN ${USERS} ON true`],
    ],
    ['a star of a query', 'orders', '*', ['(SELECT * FROM orders) q', `(SELECT * FROM ${ORDERS}) q`]],
    ['the fields of a value', 'users', '(u).*', ['users u', USERS]],
    ['the star of another name', 'users', 'v.*', ['users u', USERS]],
  ] as const)('%s', (_title, into, select, source) => {
    expect(insert(into, select, source)).toBe(false)
  })
})
