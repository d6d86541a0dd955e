import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../../../src/sql/parser.js'
import { isProven, ORDERS, PIN } from './proof.js'

beforeAll(loadParser)

describe('verify accepts', () => {
  test.each([
    ['a guard', 'SELECT * FROM orders', `SELECT * FROM ${ORDERS}`],
    ['a firm guard', 'SELECT * FROM orders', `SELECT * FROM ${ORDERS.replace("'acme'", "ANY ('{acme}')")}`],
    ['any alias of the guard', 'SELECT * FROM orders', `SELECT * FROM ${ORDERS.replace('_tg1', 'anything')}`],
    [
      'a fence',
      'SELECT * FROM orders o (a)',
      `SELECT * FROM (SELECT * FROM public.orders WHERE ${PIN} OFFSET 0) o (a)`,
    ],
    ['a pin', 'DELETE FROM orders WHERE id = 1', `DELETE FROM public.orders WHERE ${PIN} AND (id = 1)`],
    ['a pin alone', 'DELETE FROM orders', `DELETE FROM public.orders WHERE ${PIN}`],
    [
      'a stamp',
      'INSERT INTO orders (id) VALUES (1)',
      "INSERT INTO public.orders (id, tenant_id) VALUES (1, 'acme')",
    ],
    ['other places', 'SELECT  id\nFROM orders', `SELECT id FROM ${ORDERS}`],
    ['a shared relation', 'SELECT * FROM countries', 'SELECT * FROM public.countries'],
    ['no relation at all', 'SELECT 1', 'SELECT 1'],
    ['an empty text', '', ''],
  ])('%s', (_title, original, scoped) => {
    expect(isProven(original, scoped)).toBe(true)
  })
})
