import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessOf } from '../../../src/policy/decide.js'
import { reviewedExtension, userFunctionDenial } from '../../../src/policy/extensions.js'
import type { Policy } from '../../../src/policy/policy.js'
import type { UserFunction } from '../../../src/schema/functions.js'
import { relationKey } from '../../../src/schema/relation.js'
import { type TestDatabase, testDatabase } from '../../support/database.js'
import { worldServers } from '../../support/world/full.js'
import { openScoping, POLICY, type Scoping } from '../../support/world/scoping.js'
import { EXTENSION_INVENTORY } from './inventory.js'
import { callOf, prepareCounting, typeList, uncounted } from './uncounted.js'

/** Every extension that the server has, in one database, with tables whose columns are of their types. */
describe.each(worldServers())('on PostgreSQL $label', (server) => {
  let database: TestDatabase
  let extensions: readonly string[] = []
  let functions: readonly UserFunction[] = []
  let unnamed: Scoping

  beforeAll(async () => {
    database = await testDatabase({ server })
    extensions = await createAll(database)
    await database.query(TABLES)
    unnamed = await openScoping(database)
    functions = [...unnamed.snapshot.functions.values()].flat().filter(({ extension }) => extension !== null)
  })
  afterAll(() => database.drop())

  test('every extension that can be created was reviewed', () => {
    expect(extensions.length).toBeGreaterThan(40)
    expect(extensions.filter((name) => reviewedExtension(name) === undefined)).toEqual([])
    expect(unnamed.snapshot.extensions).toEqual(new Set(['plpgsql', ...extensions]))
  })

  test('every function of a reviewed extension is classified', () => {
    expect(functions.length).toBeGreaterThan(900)
    const unclassified = functions.filter(({ extension, name, kind }) => {
      const review = reviewedExtension(extension ?? '')
      return review?.trust === 'reviewed' && kind !== 'procedure' && !review.functions.has(name)
    })
    expect(unclassified).toEqual([])
  })

  test('every overload of an allowed function was there when the name was allowed', async () => {
    const { rows } = await database.query(OVERLOADS)
    const unreviewed = rows.filter(({ extension, name, arguments: list }) => {
      const isAllowed =
        reviewedExtension(String(extension))?.functions.get(String(name))?.access === 'allowed'
      const known = EXTENSION_INVENTORY[String(extension)]?.functions[String(name)]?.overloads ?? []
      return isAllowed && !known.includes(String(list))
    })
    expect(unreviewed).toEqual([])
  })

  test('each allowed function that may fail costs an operator at least, whatever its body', async () => {
    const { rows } = await database.query(
      `SELECT f.extension, f.name, n.nspname AS schema, ${typeList('p.proargtypes')} AS types, p.provariadic <> 0 AS variadic
       FROM (${OVERLOADS}) f JOIN pg_proc p ON p.oid = f.oid JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE p.prokind = 'f' AND NOT p.proretset AND p.pronargs > 0`,
    )
    const calls = rows.flatMap(({ extension, schema, name, types, variadic }) => {
      const verdict = reviewedExtension(String(extension))?.functions.get(String(name))
      const isLeaky = verdict?.access === 'allowed' && !verdict.total
      return isLeaky ? [callOf(`"${schema}"."${name}"`, types as string[], variadic === true)] : []
    })
    expect(calls.length).toBeGreaterThan(400)
    await prepareCounting(database)
    expect(await uncounted(database, calls)).toEqual([])
  })

  test('by naming every extension and every function nobody gets what the review denies', () => {
    const everything = policyWith(functions.map(({ schema, name }) => relationKey(schema, name)))
    const got = functions.filter((each) => userFunctionDenial(each, everything) === null)
    expect(got.length).toBeGreaterThan(400)
    const unwanted = got.filter(({ extension, name }) => {
      const review = reviewedExtension(extension ?? '')
      return review?.trust !== 'reviewed' || review.functions.get(name)?.access !== 'allowed'
    })
    expect(unwanted).toEqual([])
    for (const name of DENIED) expect(got.map((each) => each.name)).not.toContain(name)
  })

  test('of an extension that nobody reviewed, nothing that is denied elsewhere is to be had', () => {
    const novel = functions.map((each) => ({ ...each, extension: 'novel' }))
    const policy = { ...POLICY, functions: { allow: new Set<string>(), extensions: new Set(['novel']) } }
    const got = novel.filter((each) => userFunctionDenial(each, policy) === null)
    expect(got.map(({ name }) => name)).toContain('similarity')
    expect(got.filter(({ language }) => language !== 'c' && language !== 'internal')).toEqual([])
    for (const name of DENIED) expect(got.map((each) => each.name)).not.toContain(name)
  })

  test('nothing that runs with its owner’s rights is to be had by an extension’s name', () => {
    const policy = policyWith([])
    for (const each of functions) {
      const novel = { ...each, extension: 'novel', securityDefiner: true }
      expect(userFunctionDenial(novel, policy), each.name).not.toBeNull()
    }
  })

  test.each([
    ['citext', false],
    ['of_citext', false],
    ['numeric', false],
    ['loose_text', false],
    ['text', true],
    ['varchar', true],
    ['int', true],
    ['uuid', true],
    ['of_uuid', true],
    ['mood', true],
  ])('a tenant column of type %s can hold a pin: %s', (type, expected) => {
    const access = accessOf({ schema: 'public', name: `by_${type}` }, unnamed.snapshot, POLICY)
    expect(access?.kind).toBe(expected ? 'tenant' : 'denied')
  })

  test.each([
    ["SELECT FROM things WHERE folded = 'x' AND path <> 'a' AND folded LIKE 'a%'", 'runs'],
    ['SELECT FROM things WHERE numbers @> ARRAY[1] AND numbers && ARRAY[1] ORDER BY folded', 'runs'],
    ["SELECT name::jsonb, name::text, name::varchar, '1'::numeric FROM things", 'runs'],
    ['SELECT max(name), count(*) FROM things GROUP BY name', 'runs'],
    ["SELECT FROM things WHERE path ~ 'a.*'", 'runs'],
    ["SELECT 'x'::citext", 'TYPE_DENIED'],
    ['SELECT folded::citext FROM things', 'TYPE_DENIED'],
    ["SELECT FROM things WHERE path ~~> 'a'", 'OPERATOR_UNKNOWN'],
    ['SELECT FROM things WHERE numbers @@ numbers::text::query_int', 'TYPE_DENIED'],
    ["SELECT similarity(name, 'x') FROM things", 'FUNCTION_DENIED'],
    ["SELECT FROM things WHERE name %> 'x'", 'OPERATOR_DENIED'],
  ])('while the policy names no extension, %s: %s', (text, expected) => {
    expect(outcome(unnamed, text)).toBe(expected)
  })

  test.each([
    [
      "SELECT 'x'::citext = folded, similarity(name, 'x'), name <-> 'x', digest(name, 'md5') FROM things",
      'runs',
    ],
    ["SELECT 'a=>1'::hstore -> 'a', akeys('a=>1'), 'a.b'::ltree @> path FROM things", 'runs'],
    ["SELECT FROM things WHERE name % 'x' AND metaphone(name, 4) = 'X' AND unaccent(name) = 'x'", 'runs'],
    ['SELECT uuid_generate_v4(), uuid_nil(), normal_rand(1, 0, 1)', 'runs'],
    ["SELECT crosstab('SELECT 1')", 'FUNCTION_DENIED'],
    ["SELECT * FROM connectby('things', 'id', 'id', '1', 1) AS x (a int, b int, c int)", 'FUNCTION_DENIED'],
    ['SELECT set_limit(0.1)', 'FUNCTION_DENIED'],
    ["SELECT * FROM dblink('x', 'SELECT 1') AS x (a int)", 'FUNCTION_DENIED'],
    ["SELECT * FROM pgstattuple('things')", 'FUNCTION_DENIED'],
    ['SELECT * FROM pg_stat_statements', 'RELATION_DENIED'],
  ])('while the policy names every extension and every function, %s: %s', async (text, expected) => {
    const allow = functions.map(({ schema, name }) => relationKey(schema, name))
    const named = await openScoping(database, { policy: policyWith(allow) })
    expect(outcome(named, text)).toBe(expected)
  })

  test('the server says that an extension exists before it looks at rights', async () => {
    const role = await database.createRole()
    for (const name of extensions) {
      const text = unnamed.scope({ text: `CREATE EXTENSION IF NOT EXISTS "${name}" SCHEMA pg_catalog` })
      await expect(database.query(`SET ROLE ${role.user}; ${text}`), name).resolves.toBeDefined()
    }
    await database.query('RESET ROLE')
    await expect(database.query(`SET ROLE ${role.user}; CREATE EXTENSION novel`)).rejects.toThrow()
    await database.query('RESET ROLE')
  })

  function policyWith(allow: readonly string[]): Policy {
    return { ...POLICY, functions: { allow: new Set(allow), extensions: new Set([...extensions, 'novel']) } }
  }
})

/** What must not be had whatever anybody names; not every server has each. */
const DENIED = [
  ...'crosstab crosstab2 connectby dblink dblink_exec dblink_connect xpath_table xslt_process'.split(' '),
  ...'pg_stat_statements pgstattuple get_raw_page pgrowlocks pg_prewarm verify_heapam heap_force_kill'.split(
    ' ',
  ),
  ...'postgres_fdw_disconnect_all pg_buffercache_pages pg_visibility set_limit isn_weak ssl_client_dn'.split(
    ' ',
  ),
  ...'pg_file_write lo_manage'.split(' '),
]

const TABLES = `
  CREATE TYPE mood AS ENUM ('low');
  CREATE DOMAIN of_citext AS citext;
  CREATE DOMAIN of_uuid AS uuid;
  CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  CREATE DOMAIN loose_text AS text COLLATE loose;
  ${['citext', 'of_citext', 'numeric', 'loose_text', 'text', 'varchar', 'int', 'uuid', 'of_uuid', 'mood']
    .map((type) => `CREATE TABLE by_${type} (tenant_id ${type} NOT NULL);`)
    .join('\n')}
  CREATE TABLE things (id int, tenant_id text, name text, folded citext, bag hstore, path ltree, numbers int[]);`

const OVERLOADS = `
  SELECT p.oid, e.extname AS extension, p.proname AS name, pg_get_function_identity_arguments(p.oid) AS arguments
  FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid WHERE p.prokind <> 'p'`

/** Creates each, and gives those that could be: the library of one may need what this machine hasn't got. */
async function createAll(database: TestDatabase): Promise<readonly string[]> {
  const { rows } = await database.query('SELECT name FROM pg_available_extensions ORDER BY name')
  for (const { name } of rows) {
    await database.query(`CREATE EXTENSION IF NOT EXISTS "${name}" CASCADE`).catch(() => {})
  }
  const created = await database.query(`SELECT extname AS name FROM pg_extension WHERE extname <> 'plpgsql'`)
  return created.rows.map(({ name }) => String(name))
}

function outcome(scoping: Scoping, text: string): string {
  try {
    scoping.scope({ text })
    return 'runs'
  } catch (error) {
    return (error as { readonly code?: string }).code ?? String(error)
  }
}
