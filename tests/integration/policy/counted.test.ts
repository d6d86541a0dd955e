import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BUILTIN_FUNCTIONS } from '../../../src/policy/functions.generated.js'
import { isBuiltinType } from '../../../src/policy/types.js'
import { type TestDatabase, testDatabase } from '../../support/database.js'
import { availableServers } from '../../support/servers.js'
import { type Call, callOf, prepareCounting, typeList, uncounted } from './uncounted.js'

/**
 * The firm pin costs half an operator. Whatever can fail has to cost more, or it is evaluated first; so each call and
 * each operator has to cost something, whatever the planner makes of it.
 */
describe.each(availableServers())('on PostgreSQL $label', (server) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase({ server })
    await prepareCounting(database)
  })
  afterAll(() => database.drop())

  test('each allowed function that may fail costs an operator at least', async () => {
    const leaky = [...BUILTIN_FUNCTIONS].flatMap(([name, { access, total }]) =>
      access === 'allowed' && !total && !isBuiltinType(name) ? [name] : [],
    )
    const { rows } = await database.query(
      `SELECT proname AS name, ${typeList('proargtypes')} AS types, provariadic <> 0 AS variadic FROM pg_proc
       WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = ANY ($1) AND prokind = 'f' AND NOT proretset AND pronargs > 0`,
      [leaky],
    )
    const calls = rows.map(({ name, types, variadic }) =>
      callOf(`pg_catalog."${name}"`, types as string[], variadic === true),
    )
    expect(calls.length).toBeGreaterThan(600)
    expect(await uncounted(database, calls)).toEqual([])
  })

  test('each operator costs something', async () => {
    const { rows } = await database.query(
      `SELECT oprname AS name, format_type(oprleft, NULL) AS "left", format_type(oprright, NULL) AS "right" FROM pg_operator
       WHERE oprnamespace = 'pg_catalog'::regnamespace`,
    )
    const calls = rows.map(({ name, left, right }): Call => {
      const types = (left === '-' ? [right] : [left, right]).map(String)
      const operator = ` OPERATOR(pg_catalog.${name}) `
      return { types, write: ([a, b]) => (b === undefined ? `${operator}${a}` : `${a}${operator}${b}`) }
    })
    expect(calls.length).toBeGreaterThan(700)
    expect(await uncounted(database, calls)).toEqual([])
  })

  test.each(SIMPLIFIED)('what the planner makes away with costs nothing: %s, %s', async (type, text) => {
    const call: Call = { types: [type], write: ([column = '']) => text.replace('$', column) }
    expect(await uncounted(database, [call])).toHaveLength(1)
  })
})

/** What `keepsOperator` and `keepsCall` are there for. */
const SIMPLIFIED: readonly (readonly [string, string])[] = [
  ['boolean', '$ = true'],
  ['boolean', 'false <> $'],
  ['boolean', '$ IN (true)'],
  ['boolean', `$ = ANY ('{}')`],
  ['boolean', 'ROW($) = ROW(true)'],
  ['boolean', 'bool($)'],
  ['varchar(10)', 'pg_catalog.varchar($, 24, true)'],
  ['numeric(5,2)', 'pg_catalog.numeric($, 655366)'],
]
