import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BUILTIN_FUNCTIONS } from '../../../src/policy/functions.generated.js'
import { COMPARISON_FAILS, totalOperator } from '../../../src/policy/operators.js'
import { type TestDatabase, testDatabase } from '../../support/database.js'
import { availableServers } from '../../support/servers.js'
import { combinations } from './hostile-values.js'

const TOTAL = [...BUILTIN_FUNCTIONS].filter(([, { total }]) => total).map(([name]) => name)

describe.each(availableServers())('on PostgreSQL $label', (server) => {
  let database: TestDatabase

  beforeAll(async () => {
    database = await testDatabase({ server, sql: `CREATE TYPE hostile_enum AS ENUM ('low', 'high')` })
  })
  afterAll(() => database.drop())

  const failure = (sql: string) =>
    database.query(sql).then(
      () => null,
      (error: Error) => `${sql}: ${error.message}`,
    )

  test('a total function fails on no value of its types', async () => {
    const { rows } = await database.query(
      `SELECT proname AS name, array(SELECT format_type(t, NULL) FROM unnest(proargtypes) WITH ORDINALITY AS a (t, n) ORDER BY n) AS types
       FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = ANY ($1)`,
      [TOTAL],
    )
    expect(rows.length).toBeGreaterThan(40)
    const failures: (string | null)[] = []
    for (const { name, types } of rows) {
      const calls = combinations(types as string[])
      expect(calls, `values for ${name}(${types})`).toBeDefined()
      for (const call of calls ?? [])
        failures.push(await failure(`SELECT pg_catalog."${name}"(${call.join(', ')})`))
    }
    expect(failures.filter(Boolean)).toEqual([])
  })

  test('a comparison fails on no value, but for the types that are known to', async () => {
    const { rows } = await database.query(
      `SELECT oprname AS name, format_type(oprleft, NULL) AS "left", format_type(oprright, NULL) AS "right" FROM pg_operator
       WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprname IN ('=', '<>', '<', '<=', '>', '>=')`,
    )
    const failures: (string | null)[] = []
    for (const row of rows) {
      const [name, left, right] = [row.name, row.left, row.right].map(String) as [string, string, string]
      if (COMPARISON_FAILS.has(left)) continue
      const pairs = combinations([left, right])
      expect(pairs, `values for ${left} ${name} ${right}`).toBeDefined()
      const terms = (pairs ?? []).map(([a, b]) => `(${a}) OPERATOR(pg_catalog.${name}) (${b})`)
      failures.push(await failure(`SELECT ${terms.join(', ')}`))
    }
    expect(failures.filter(Boolean)).toEqual([])
  })

  test.each([
    [`'((1e300,1e300),(-1e300,-1e300))'::box = '((1,1),(0,0))'::box`],
    [`'<(0,0),1e300>'::circle = '<(0,0),1>'::circle`],
    [`'((1e308,1e308),(-1e308,-1e308))'::lseg < '((1,1),(0,0))'::lseg`],
    [`a.r = b.r FROM (SELECT row(1, 2) AS r) AS a, (SELECT row(1) AS r) AS b`],
  ])('a comparison that is not total fails on a value: %s', async (expression) => {
    expect(await failure(`SELECT ${expression}`)).not.toBeNull()
  })

  test('LIKE with an unpaired backslash fails on exactly the texts that match what stands before it', async () => {
    const like = (pattern: string) =>
      failure(`SELECT note LIKE '${pattern}' FROM (VALUES ('canary-42')) AS t (note)`)
    expect(await like('canary-4\\')).toContain('must not end with escape character')
    expect(await like('canary-5\\')).toBeNull()
    expect(totalOperator('~~')).toBe(false)
    expect(await like('canary-4\\\\')).toBeNull()
  })
})
