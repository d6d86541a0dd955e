declare const own: unique symbol
/** SQL that the gateway says itself, made here and nowhere else; no byte of it comes from a client but setting values, quoted. */
export type OwnSql = Buffer & { readonly [own]: true }

/** Setting name in lower case → its value as text. */
export type SettingValues = ReadonlyMap<string, string>

export const BEGIN = ownSql('BEGIN')
export const ROLLBACK = ownSql('ROLLBACK')
export const DISCARD_ALL = ownSql('DISCARD ALL')
export const DISCARD_SEQUENCES = ownSql('DISCARD SEQUENCES')
/** Says by its tag, `SELECT 0` or `SELECT 1`, whether the session holds an advisory lock. */
export const HOLDS_LOCKS = ownSql(
  "SELECT FROM pg_catalog.pg_locks WHERE locktype OPERATOR(pg_catalog.=) 'advisory' AND pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid() LIMIT 1",
)
/** No statement: its only purpose is to fail a transaction in the place of one that was refused. */
export const REFUSED = ownSql('refused by tenantgate')

/** Kept by the gateway, or gone with the transaction: never said to a server ahead of it. */
const NOT_REPLAYED: ReadonlySet<string> = new Set([
  'search_path',
  'transaction_isolation',
  'transaction_read_only',
  'transaction_deferrable',
])

/** Names come from the settings allow-list; anything else has no business here. */
const SETTING_NAME = /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/

const NO_NAMES: ReadonlySet<string> = new Set()

/** What turns a connection's settings into a session's, those in doubt in any case; null where there is nothing to do. */
export function settingsDifference(
  from: SettingValues,
  to: SettingValues,
  inDoubt: ReadonlySet<string> = NO_NAMES,
): OwnSql | null {
  if (from === to && inDoubt.size === 0) return null
  const statements: string[] = []
  for (const [name, value] of to)
    if (from.get(name) !== value || inDoubt.has(name)) addStatement(statements, name, value)
  for (const name of new Set([...from.keys(), ...inDoubt]))
    if (!to.has(name)) addStatement(statements, name, null)
  return statements.length === 0 ? null : ownSql(statements.join(';'))
}

function addStatement(statements: string[], name: string, value: string | null): void {
  if (NOT_REPLAYED.has(name)) return
  if (!SETTING_NAME.test(name)) throw new RangeError(`not the name of a setting: ${JSON.stringify(name)}`)
  statements.push(`SET ${name} TO ${value === null ? 'DEFAULT' : quoteLiteral(value)}`)
}

/** Needs standard_conforming_strings, which every connection starts with and nobody may turn off. */
function quoteLiteral(value: string): string {
  if (value.includes('\0')) throw new RangeError('a setting holds no NUL')
  return `'${value.replaceAll("'", "''")}'`
}

function ownSql(text: string): OwnSql {
  return Buffer.from(text, 'utf8') as OwnSql
}
