/** Splits the text of `search_path` into schema names as the server does; null where it is no list of names. */
export function parseSearchPath(text: string): string[] | null {
  const names: string[] = []
  const item = /\s*(?:"((?:[^"]|"")*)"|([^\s",]+))\s*(,|$)/y
  if (text.trim() === '') return names
  let end = ','
  while (end === ',') {
    const match = item.exec(text)
    if (match === null) return null
    names.push(match[1] === undefined ? (match[2] ?? '').toLowerCase() : match[1].replaceAll('""', '"'))
    end = match[3] ?? ''
  }
  return names
}

/** The text that `SHOW search_path` gives for a list of schemas. */
export function formatSearchPath(names: readonly string[]): string {
  return names
    .map((name) => (/^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`))
    .join(', ')
}

/** The schema of a session's own temporary tables, whatever its number. */
export const TEMPORARY_SCHEMA = 'pg_temp'
