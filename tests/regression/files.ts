import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { availableServers } from '../support/servers.js'
import { FULL } from '../support/world/full.js'
import { regressionSource } from './source.js'

/** Files that have nothing for a tenant, and would change or stop what all databases of a cluster share. */
const LEFT_OUT = new Set([
  // tablespaces, databases, and subscriptions belong to the cluster
  'tablespace',
  'database',
  'subscription',
  // runs the server out of stack on purpose
  'infinite_recurse',
  // its triggers fire on the set-up of this test as well
  'event_trigger',
  // large objects alone, which are refused
  'largeobject',
  // the set-up of all others
  'test_setup',
])

/** What a file builds on beside test_setup and create_index, as the comments of parallel_schedule say. */
const BUILT_ON: ReadonlyMap<string, readonly string[]> = new Map([
  ['multirangetypes', ['rangetypes']],
  ['geometry', ['point', 'lseg', 'line', 'box', 'path', 'polygon', 'circle']],
  ['horology', ['date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval']],
  ['aggregates', ['create_aggregate']],
  ['join', ['create_misc']],
  ['select_parallel', ['create_misc']],
  ['with', ['create_misc']],
  ['psql', ['create_am']],
  ['amutils', ['geometry', 'create_index_spgist', 'hash_index', 'brin']],
  ['select_views', ['create_view']],
])

/** PostgreSQL's own files in the long run, else a script of ours. */
const source = FULL ? await regressionSource() : { folder: fileURLToPath(new URL('sample', import.meta.url)) }
const folder = 'folder' in source ? source.folder : ''

/** Why the files can't be run here; null where they can. */
export function missingFiles(): string | null {
  if ('missing' in source) return `the source can't be had: ${source.missing}`
  const isInstalled = availableServers().some(({ major, key }) => major === 15 && key === 'system')
  return isInstalled ? null : 'PostgreSQL 15 is not installed'
}

/** Every file that is run, in the order of the schedule; TENANTGATE_REGRESSION_FILES names some. */
export function regressionFiles(): readonly string[] {
  const wanted = process.env.TENANTGATE_REGRESSION_FILES?.split(',')
  return schedule().filter((file) => wanted?.includes(file) ?? !LEFT_OUT.has(file))
}

export function readScript(file: string): string {
  return readFileSync(join(folder, 'sql', `${file}.sql`), 'utf8')
}

/** The schedule says which files come before create_index: those don't build on it. */
export function prerequisites(file: string): readonly string[] {
  const order = schedule()
  const index = order.indexOf('create_index')
  const isLater = index >= 0 && order.indexOf(file) > index
  return ['test_setup', ...(isLater ? ['create_index'] : []), ...(BUILT_ON.get(file) ?? [])]
}

/** Scripts that work in a schema of their own: the policy names it, as the one of an application that did would. */
const SCHEMAS: ReadonlyMap<string, readonly string[]> = new Map([
  ['collate', ['collate_tests']],
  ['collate.icu.utf8', ['collate_tests']],
  ['collate.linux.utf8', ['collate_tests']],
  ['create_function_sql', ['temp_func_test', 'public']],
  ['rowsecurity', ['regress_rls_schema']],
])

export function searchPathOf(file: string): readonly string[] {
  return SCHEMAS.get(file) ?? ['public']
}

/** What pg_regress has in the environment. */
export function scriptVariables(): ReadonlyMap<string, string> {
  return new Map([
    ['PG_ABS_SRCDIR', folder],
    ['PG_ABS_BUILDDIR', folder],
    ['PG_LIBDIR', '/nowhere'],
    ['PG_DLSUFFIX', '.so'],
    ['DBNAME', 'regression'],
  ])
}

function schedule(): readonly string[] {
  return readFileSync(join(folder, 'parallel_schedule'), 'utf8')
    .split('\n')
    .flatMap((line) => /^test: (.*)/.exec(line)?.[1]?.split(/\s+/) ?? [])
}
