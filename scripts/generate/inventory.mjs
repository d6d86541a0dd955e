import { extensionsOf } from './extensions.mjs'

/** What a live server has in pg_catalog and information_schema, asked as a superuser, seen with an ordinary role's rights. */

const FUNCTIONS = `
  SELECT n.nspname AS schema, p.proname AS name, p.prokind AS kind, p.proleakproof AS leakproof, p.provolatile = 'v' AS volatile,
         pg_catalog.pg_get_function_identity_arguments(p.oid) AS arguments,
         pg_catalog.has_function_privilege($1, p.oid, 'EXECUTE') AS public,
         p.prorettype IN ('internal'::regtype, 'cstring'::regtype, 'trigger'::regtype, 'event_trigger'::regtype,
                          'language_handler'::regtype, 'fdw_handler'::regtype, 'index_am_handler'::regtype,
                          'tsm_handler'::regtype, 'table_am_handler'::regtype)
           OR 'internal'::regtype = ANY (p.proargtypes) OR 'cstring'::regtype = ANY (p.proargtypes)
           OR EXISTS (SELECT FROM pg_catalog.pg_type t WHERE p.oid IN (t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze, t.typsubscript))
           OR EXISTS (SELECT FROM pg_catalog.pg_conversion c WHERE c.conproc = p.oid) AS internal,
         EXISTS (SELECT FROM pg_catalog.pg_operator o WHERE p.oid IN (o.oprcode, o.oprrest, o.oprjoin))
           OR EXISTS (SELECT FROM pg_catalog.pg_cast c WHERE c.castfunc = p.oid)
           OR EXISTS (SELECT FROM pg_catalog.pg_aggregate a WHERE p.oid IN (a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn))
           OR EXISTS (SELECT FROM pg_catalog.pg_amproc a WHERE a.amproc = p.oid)
           OR EXISTS (SELECT FROM pg_catalog.pg_range r WHERE p.oid IN (r.rngcanonical, r.rngsubdiff))
           OR EXISTS (SELECT FROM pg_catalog.pg_proc s WHERE s.prosupport = p.oid) AS support
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname IN ('pg_catalog', 'information_schema')`

const RELATIONS = `
  SELECT n.nspname AS schema, c.relname AS name,
         pg_catalog.has_table_privilege($1, c.oid, 'SELECT') OR pg_catalog.has_any_column_privilege($1, c.oid, 'SELECT') AS public
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind NOT IN ('i', 'I', 't')`

const OPERATORS = `
  SELECT o.oprname AS name, p.proname AS function, p.proleakproof AS leakproof, p.provolatile = 'v' AS volatile,
         pg_catalog.concat_ws(', ', nullif(pg_catalog.format_type(o.oprleft, NULL), '-'), pg_catalog.format_type(o.oprright, NULL)) AS operands
  FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_proc p ON p.oid = o.oprcode
  WHERE o.oprnamespace = 'pg_catalog'::regnamespace`

/** Arrays are left out: their names are derived from their elements'. */
const TYPES = `
  SELECT n.nspname AS schema, t.typname AS name, t.typtype AS kind
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE n.nspname IN ('pg_catalog', 'information_schema') AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)`

/** The view leaves some out that a client can name all the same. Those with a dot are an extension's. */
const SETTINGS = `
  SELECT name, category, context = 'user' AS user FROM pg_catalog.pg_settings WHERE name !~ '[.]'
  UNION ALL
  SELECT name, 'Hidden', true FROM pg_catalog.unnest('{is_superuser,role,seed,session_authorization}'::text[]) AS name
  WHERE pg_catalog.current_setting(name, true) IS NOT NULL`

const ORDINARY_ROLE = 'tenantgate_generate_ordinary'

/** Extensions of the server's template may add to pg_catalog; ask a database without any. */
export async function inventoryOf(client) {
  const version = Math.floor(
    Number((await client.query('SHOW server_version_num')).rows[0].server_version_num) / 10000,
  )
  await client.query('BEGIN')
  await client.query(`CREATE ROLE ${ORDINARY_ROLE}`)
  const ask = async (sql, values) => (await client.query(sql, values)).rows
  const found = {
    version,
    functions: await ask(FUNCTIONS, [ORDINARY_ROLE]),
    relations: await ask(RELATIONS, [ORDINARY_ROLE]),
    operators: await ask(OPERATORS),
    types: await ask(TYPES),
    settings: await ask(SETTINGS),
    extensions: await extensionsOf(client),
  }
  await client.query('ROLLBACK')
  return found
}

const FLAGS = ['internal', 'support', 'volatile']

/** The entry of a name, made where it is missing. */
function entryOf(entries, name, create) {
  if (!Object.hasOwn(entries, name)) entries[name] = create()
  return entries[name]
}

function addFunction(functions, version, row) {
  const name = row.schema === 'pg_catalog' ? row.name : `${row.schema}.${row.name}`
  const entry = entryOf(functions, name, () => ({ leakproof: true, public: true, overloads: {} }))
  entry.leakproof &&= row.leakproof
  entry.public &&= row.public
  for (const flag of FLAGS) if (row[flag]) entry[flag] = true
  entryOf(entry.overloads, row.arguments, () => []).push(version)
}

function addRelation(relations, version, row) {
  const entry = entryOf(relations, `${row.schema}.${row.name}`, () => ({ public: true, versions: [] }))
  entry.public &&= row.public
  entry.versions.push(version)
}

function addOperator(operators, version, row) {
  const entry = entryOf(operators, row.name, () => ({ leakproof: true, functions: [], overloads: {} }))
  entry.leakproof &&= row.leakproof
  if (row.volatile) entry.volatile = true
  if (!entry.functions.includes(row.function)) entry.functions.push(row.function)
  entryOf(entry.overloads, row.operands, () => []).push(version)
}

/** A type has one kind in all versions, a setting may move from one category to another. */
function addNamed(entries, version, { name, ...about }) {
  const entry = entryOf(entries, name, () => ({ versions: [] }))
  Object.assign(entry, about)
  entry.versions.push(version)
}

/** One inventory of all versions: a flag holds if it holds for any overload of any version, `leakproof` and `public` if for all. */
export function mergeInventories(found) {
  const versions = found.map((one) => one.version)
  const merged = { versions, functions: {}, relations: {}, operators: {}, types: {}, settings: {} }
  for (const one of found) {
    for (const row of one.functions) addFunction(merged.functions, one.version, row)
    for (const row of one.relations) addRelation(merged.relations, one.version, row)
    for (const row of one.operators) addOperator(merged.operators, one.version, row)
    for (const { schema, ...row } of one.types)
      addNamed(merged.types, one.version, { ...row, name: `${schema}.${row.name}` })
    for (const row of one.settings) addNamed(merged.settings, one.version, row)
  }
  return merged
}
