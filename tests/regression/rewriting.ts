import type { Stage } from './stage.js'

/** Temporary tables would be the owner's connection's own: they are made for good, in a database that isn't. */
export function permanent(text: string): string {
  return text
    .replace(/^(create\s+(?:or\s+replace\s+)?)(?:(?:local|global)\s+)?temp(?:orary)?\s+/i, '$1')
    .replace(/\binto\s+(?:(?:local|global)\s+)?temp(?:orary)?\s+(?:table\s+)?/i, 'INTO ')
    .replace(/\bon\s+commit\s+(?:drop|delete\s+rows|preserve\s+rows)\b/i, '')
}

const CODE =
  /^create\s+(?:or\s+replace\s+)?(?:(?:constraint\s+)?trigger|function|procedure|rule|policy|aggregate)\b/i

/** Whether a text defines code that the server runs inside of other statements. */
export function runsInside(text: string): boolean {
  return CODE.test(text)
}

/** Which of these tables a text names. */
export function mentions(text: string, tables: ReadonlySet<string>): readonly string[] {
  const words = new Set(text.toLowerCase().match(/[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/g))
  return [...tables].filter((name) => words.has(name.toLowerCase()) || text.includes(`"${name}"`))
}

const BARE_COPY = /^(copy\s+(?:binary\s+)?(?:(?:"[^"]+"|\w+)\.)?(?:"[^"]+"|\w+))\s*(?=from\b)/i

/** COPY FROM without a list of columns means all of them: the files' data have none for the tenant. */
export async function columnsOfCopy(text: string, target: string, stage: Stage): Promise<string> {
  const match = BARE_COPY.exec(text)
  if (match === null) return text
  const { results } = await stage.inTwin(
    `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)
     FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = attrelid
     WHERE relname = '${target.replaceAll("'", "''")}' AND pg_catalog.pg_table_is_visible(c.oid)
       AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> 'tenant_id'`,
  )
  const columns = results[0]?.rows[0]?.[0] ?? null
  return columns === null ? text : `${match[1]} (${columns}) ${text.slice(match[0].length)}`
}
