import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../../../src/sql/parser.js'
import { isProven, ORDERS, USERS } from './proof.js'

beforeAll(loadParser)

describe('verify refuses a text that says something else:', () => {
  test.each([
    ['a changed literal', 'SELECT 1', 'SELECT 2'],
    ['a changed string', "SELECT 'a'", "SELECT 'b'"],
    ['a string for a number', 'SELECT 1', "SELECT '1'"],
    ['false for true', 'SELECT true', 'SELECT false'],
    ['NULL for a string', "SELECT ''", 'SELECT NULL'],
    ['a changed operator', 'SELECT 1 + 2', 'SELECT 1 - 2'],
    ['a changed function', 'SELECT lower($1)', 'SELECT upper($1)'],
    ['a changed parameter', 'SELECT $1', 'SELECT $2'],
    ['a changed alias', 'SELECT 1 AS a', 'SELECT 1 AS b'],
    ['a missing alias', 'SELECT 1 AS a', 'SELECT 1'],
    ['a changed column', `SELECT id FROM orders`, `SELECT note FROM ${ORDERS}`],
    ['a missing column', `SELECT id, note FROM orders`, `SELECT id FROM ${ORDERS}`],
    ['an added column', `SELECT id FROM orders`, `SELECT id, note FROM ${ORDERS}`],
    ['columns in another order', `SELECT id, note FROM orders`, `SELECT note, id FROM ${ORDERS}`],
    ['a missing WHERE', `SELECT id FROM orders WHERE id = 1`, `SELECT id FROM ${ORDERS}`],
    ['an added WHERE', `SELECT id FROM orders`, `SELECT id FROM ${ORDERS} WHERE true`],
    ['DISTINCT', `SELECT id FROM orders`, `SELECT DISTINCT id FROM ${ORDERS}`],
    ['another order', `SELECT id FROM orders ORDER BY id`, `SELECT id FROM ${ORDERS} ORDER BY id DESC`],
    ['another limit', `SELECT id FROM orders LIMIT 1`, `SELECT id FROM ${ORDERS} LIMIT 2`],
    ['an added lock', `SELECT id FROM orders`, `SELECT id FROM ${ORDERS} FOR UPDATE`],
    ['arms in another order', 'SELECT 1 EXCEPT SELECT 2', 'SELECT 2 EXCEPT SELECT 1'],
    ['UNION for UNION ALL', 'SELECT 1 UNION ALL SELECT 2', 'SELECT 1 UNION SELECT 2'],
    [
      'another kind of join',
      'SELECT * FROM orders JOIN users ON true',
      `SELECT * FROM ${ORDERS} LEFT JOIN ${USERS} ON true`,
    ],
    [
      'another condition of a join',
      'SELECT * FROM orders JOIN users ON true',
      `SELECT * FROM ${ORDERS} JOIN ${USERS} ON false`,
    ],
    ['ONLY for all', 'SELECT * FROM orders', `SELECT * FROM ${ORDERS.replace('public', 'ONLY public')}`],
    ['all for ONLY', 'SELECT * FROM ONLY orders', `SELECT * FROM ${ORDERS}`],
    ['another schema than the client wrote', 'SELECT * FROM archive.orders', `SELECT * FROM ${ORDERS}`],
    ['another savepoint', 'SAVEPOINT a', 'SAVEPOINT b'],
    ['ROLLBACK for COMMIT', 'COMMIT', 'ROLLBACK'],
    ['another setting', 'SET timezone TO 1', 'SET work_mem TO 1'],
    ['another value', 'SET timezone TO 1', 'SET timezone TO 2'],
    ['LOCAL for the session', 'SET search_path TO a', "SET LOCAL tenantgate.search_path TO ''"],
    ['ANALYZE', 'EXPLAIN SELECT 1', 'EXPLAIN ANALYZE SELECT 1'],
    ['another statement', 'SELECT 1', 'BEGIN'],
    ['a statement more', 'SELECT 1', 'SELECT 1; SELECT 1'],
    ['a statement less', 'SELECT 1; SELECT 1', 'SELECT 1'],
    ['statements in another order', 'BEGIN; COMMIT', 'COMMIT; BEGIN'],
    ['what is no SQL', 'SELECT 1', 'SELECT 1 FROM FROM'],
    [
      'a comment that swallows a filter',
      `SELECT id FROM orders WHERE id = 1`,
      `SELECT id FROM ${ORDERS} --WHERE id = 1`,
    ],
  ])('%s', (_title, original, scoped) => {
    expect(isProven(original, scoped)).toBe(false)
  })
})
