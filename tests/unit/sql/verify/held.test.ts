import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../../../src/sql/parser.js'
import { isProven, PIN } from './proof.js'

beforeAll(loadParser)

describe('verify refuses what isn’t the session’s own to hold', () => {
  test.each([
    ['a table', 'CREATE TABLE t (a int)'],
    ['a table of a schema', 'CREATE TEMP TABLE public.t (a int)'],
    ['a table with a parent', 'CREATE TEMP TABLE t () INHERITS (public.orders)'],
    ['a partition', 'CREATE TEMP TABLE t PARTITION OF public.orders DEFAULT'],
    ['a table that refers to another', 'CREATE TEMP TABLE t (a int REFERENCES public.orders (id))'],
    ['a table like a denied one', 'CREATE TEMP TABLE t (LIKE public.secrets)'],
    ['a table from an unguarded query', 'CREATE TEMP TABLE t AS SELECT * FROM public.orders'],
    ['a table that lasts, from a query', 'CREATE TABLE t AS SELECT 1'],
    ['INTO a table that lasts', 'SELECT 1 INTO t'],
    ['INTO a table of a schema', 'SELECT 1 INTO TEMP public.t'],
    ['a table that is dropped', 'DROP TABLE public.orders'],
    ['a table of no schema that is dropped', 'DROP TABLE orders'],
    ['a view that is dropped', 'DROP VIEW pg_temp.t'],
    ['an unguarded statement that is prepared', 'PREPARE p AS SELECT * FROM public.orders'],
    ['a prepared statement of the gateway’s own', 'EXECUTE tg_x'],
    ['one that would take the place of such a one', 'PREPARE tg_x AS SELECT 1'],
    ['one that would forget such a one', 'DEALLOCATE tg_x'],
    ['another session’s temporary table', 'SELECT * FROM pg_temp_3.t'],
    [
      'a pinned row of a denied relation at a cursor',
      'UPDATE public.secrets SET value = 1 WHERE CURRENT OF c',
    ],
  ])('%s', (_title, text) => {
    expect(isProven(text, text)).toBe(false)
  })
})

describe('verify accepts', () => {
  test.each([
    ['a temporary table', 'CREATE TEMP TABLE t (a int DEFAULT 1, LIKE public.orders)'],
    ['INTO a temporary table', 'SELECT 1 INTO TEMP t'],
    ['a session’s own rows', 'DELETE FROM pg_temp.t'],
    ['a guarded statement that is prepared', `PREPARE p AS DELETE FROM public.orders WHERE ${PIN}`],
  ])('%s', (_title, text) => {
    expect(isProven(text.replace(` WHERE ${PIN}`, ''), text)).toBe(true)
  })
})
