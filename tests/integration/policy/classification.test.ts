import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemRelation } from '../../../src/policy/catalogs.js'
import { builtinFunction } from '../../../src/policy/functions.js'
import { SETTING_RULES } from '../../../src/policy/settings.js'
import { type TestDatabase, type TestRole, testDatabase } from '../../support/database.js'
import { availableServers } from '../../support/servers.js'
import { INVENTORY } from './inventory.js'

/** Settings that not every supported version has. */
const SINCE: Readonly<Record<string, number>> = { transaction_timeout: 17 }
const UNTIL: Readonly<Record<string, number>> = { lc_collate: 15, lc_ctype: 15 }

describe.each(availableServers())('on PostgreSQL $label', (server) => {
  let database: TestDatabase
  let ordinary: TestRole
  let major: number

  beforeAll(async () => {
    database = await testDatabase({ server })
    ordinary = await database.createRole()
    const { rows } = await database.query(
      `SELECT current_setting('server_version_num')::int / 10000 AS major`,
    )
    major = Number(rows[0]?.major)
  })
  afterAll(() => database.drop())

  const names = async (sql: string, values?: readonly unknown[]) =>
    (await database.query(sql, values)).rows.map((row) => String(row.name))

  test('the server is of a version whose functions were reviewed', () => {
    expect(INVENTORY.versions).toContain(major)
  })

  test('every function of pg_catalog is classified', async () => {
    const all = await names(
      `SELECT DISTINCT proname AS name FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace`,
    )
    expect(all.length).toBeGreaterThan(2000)
    expect(all.filter((name) => builtinFunction(name) === undefined)).toEqual([])
  })

  test('every overload of an allowed function was there when the name was allowed', async () => {
    const { rows } = await database.query(
      `SELECT proname AS name, pg_get_function_identity_arguments(oid) AS arguments FROM pg_proc
       WHERE pronamespace = 'pg_catalog'::regnamespace`,
    )
    const unreviewed = rows.filter(({ name, arguments: list }) => {
      const isAllowed = builtinFunction(String(name))?.access === 'allowed'
      return isAllowed && INVENTORY.functions[String(name)]?.overloads[String(list)] === undefined
    })
    expect(unreviewed).toEqual([])
  })

  test('every relation of the system schemas is classified', async () => {
    const { rows } = await database.query(RELATIONS)
    expect(rows.length).toBeGreaterThan(180)
    const unclassified = rows.filter(
      ({ schema, name }) => systemRelation(String(schema), String(name)) === undefined,
    )
    expect(unclassified).toEqual([])
  })

  test('an ordinary role can read every relation that is shown or emptied', async () => {
    const { rows } = await database.query(
      `SELECT *, has_any_column_privilege($1, oid, 'SELECT') AS readable FROM (${RELATIONS}) AS r`,
      [ordinary.user],
    )
    const broken = rows.filter(
      ({ schema, name, readable }) =>
        systemRelation(String(schema), String(name)) !== 'denied' && readable !== true,
    )
    expect(broken).toEqual([])
  })

  test('every setting with a rule exists', async () => {
    const expected = [...SETTING_RULES.keys()].filter(
      (name) => (SINCE[name] ?? 0) <= major && major <= (UNTIL[name] ?? major),
    )
    const missing = await names(
      'SELECT name FROM unnest($1::text[]) AS name WHERE current_setting(name, true) IS NULL',
      [expected],
    )
    expect(missing).toEqual([])
  })

  test('an ordinary role may set each setting that a tenant may set', async () => {
    const settable = [...SETTING_RULES].filter(([, rule]) => rule.set).map(([name]) => name)
    const others = await names(
      `SELECT name FROM pg_settings WHERE lower(name) = ANY ($1) AND context <> 'user'`,
      [settable],
    )
    expect(others).toEqual([])
  })
})

const RELATIONS = `
  SELECT n.nspname AS schema, c.relname AS name, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind NOT IN ('i', 'I', 't')`
