import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemRelation } from '../../../src/policy/catalogs.js'
import { builtinFunction, isInformationSchemaFunction } from '../../../src/policy/functions.js'
import { settingRule } from '../../../src/policy/settings.js'
import { builtinTypeDenial } from '../../../src/policy/types.js'
import { type TestDatabase, type TestRole, testDatabase } from '../../support/database.js'
import { availableServers } from '../../support/servers.js'
import { INVENTORY } from './inventory.js'

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

  test('every function of information_schema is classified', async () => {
    const all = await names(
      `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'information_schema'::regnamespace`,
    )
    expect(all.length).toBeGreaterThan(10)
    expect(all.filter((name) => !isInformationSchemaFunction(name))).toEqual([])
  })

  test('every operator of pg_catalog is classified, each of its overloads', async () => {
    const { rows } = await database.query(
      `SELECT oprname AS name, concat_ws(', ', nullif(format_type(oprleft, NULL), '-'), format_type(oprright, NULL)) AS operands
       FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace`,
    )
    expect(rows.length).toBeGreaterThan(700)
    const unreviewed = rows.filter(
      ({ name, operands }) => INVENTORY.operators[String(name)]?.overloads[String(operands)] === undefined,
    )
    expect(unreviewed).toEqual([])
  })

  test('every type of the system schemas is classified', async () => {
    const { rows } = await database.query(
      `SELECT nspname AS schema, typname AS name FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace
       WHERE nspname IN ('pg_catalog', 'information_schema') AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)`,
    )
    expect(rows.length).toBeGreaterThan(250)
    expect(
      rows.filter(({ schema, name }) => builtinTypeDenial(String(schema), String(name)) === undefined),
    ).toEqual([])
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

  test('every setting is classified', async () => {
    const all = await names(
      `SELECT name FROM pg_settings WHERE name !~ '[.]' UNION ALL SELECT unnest('{is_superuser,role,seed,session_authorization}'::text[])`,
    )
    expect(all.length).toBeGreaterThan(330)
    expect(all.filter((name) => settingRule(name) === undefined)).toEqual([])
  })

  test('every setting that may be shown exists in the versions that the inventory says', async () => {
    const expected = Object.entries(INVENTORY.settings).flatMap(([name, { versions }]) =>
      versions.includes(major) && settingRule(name)?.show === true ? [name] : [],
    )
    const missing = await names(
      'SELECT name FROM unnest($1::text[]) AS name WHERE current_setting(name, true) IS NULL',
      [expected],
    )
    expect(missing).toEqual([])
  })

  test('an ordinary role may set each setting that a tenant may set', async () => {
    const settable = Object.keys(INVENTORY.settings).filter((name) => settingRule(name)?.set === true)
    const others = await names(`SELECT name FROM pg_settings WHERE name = ANY ($1) AND context <> 'user'`, [
      settable,
    ])
    expect(others).toEqual([])
  })
})

const RELATIONS = `
  SELECT n.nspname AS schema, c.relname AS name, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind NOT IN ('i', 'I', 't')`
