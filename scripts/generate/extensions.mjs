/** What the extensions of a live server bring, and what one brings whose script is all there is. */

/** `fixed`: not for a caller, because of what it takes or gives. */
const FUNCTIONS = `
  SELECT p.proname AS name, l.lanname AS language, p.proleakproof AS leakproof, p.provolatile = 'v' AS volatile, p.prosecdef AS definer,
         p.procost AS cost, pg_catalog.pg_get_function_identity_arguments(p.oid) AS arguments,
         p.prorettype IN ('internal'::regtype, 'cstring'::regtype, 'trigger'::regtype, 'event_trigger'::regtype,
                          'language_handler'::regtype, 'fdw_handler'::regtype, 'index_am_handler'::regtype,
                          'tsm_handler'::regtype, 'table_am_handler'::regtype)
           OR 'internal'::regtype = ANY (p.proargtypes) OR 'cstring'::regtype = ANY (p.proargtypes)
           OR EXISTS (SELECT FROM pg_catalog.pg_type t WHERE p.oid IN (t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze, t.typsubscript)) AS internal
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_catalog.pg_extension e ON d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.refobjid = e.oid
  WHERE e.extname = $1 AND p.prokind <> 'p' ORDER BY p.oid`

/** Each extension in turn, inside the caller's transaction; one whose library can't be loaded is passed over. */
export async function extensionsOf(client) {
  const { rows } = await client.query('SELECT name FROM pg_catalog.pg_available_extensions ORDER BY name')
  const found = {}
  for (const { name } of rows) {
    await client.query('SAVEPOINT extension')
    try {
      await client.query(`CREATE EXTENSION IF NOT EXISTS "${name}" CASCADE`)
      found[name] = (await client.query(FUNCTIONS, [name])).rows
    } catch (error) {
      console.error(`${name} was passed over: ${error.message}`)
    }
    await client.query('ROLLBACK TO extension')
  }
  return found
}

const FLAGS = ['internal', 'volatile', 'definer']

/** The value under a name, made where it is missing. */
function ensured(known, name, create) {
  if (!Object.hasOwn(known, name)) known[name] = create()
  return known[name]
}

function addOnce(list, value) {
  if (!list.includes(value)) list.push(value)
}

function addFunction(functions, row) {
  const entry = ensured(functions, row.name, () => ({ languages: [], leakproof: true, overloads: [] }))
  entry.leakproof &&= row.leakproof
  for (const flag of FLAGS) if (row[flag]) entry[flag] = true
  if (row.cost < 1) entry.free = true
  addOnce(entry.languages, row.language)
  addOnce(entry.overloads, row.arguments)
}

/** Adds one source's functions of an extension; a flag holds if it holds for any overload of any source, `leakproof` if for all. */
export function addExtension(known, name, { source, functions }) {
  const extension = ensured(known, name, () => ({ sources: [], functions: {} }))
  addOnce(extension.sources, source)
  for (const row of functions) addFunction(extension.functions, row)
}
