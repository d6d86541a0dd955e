import { say, WireClient } from '../support/wire-client.js'

/** The table that conversations speak of. */
export const NOTES = `CREATE TABLE notes (id int, owner text);
  INSERT INTO notes SELECT g, o FROM generate_series(1, 50) g, unnest(ARRAY['alice', 'bob']) o`

/** What one client says: bursts of messages, and how many ReadyForQuery each brings. Every row names its owner. */
export function bursts(
  owner: string,
): readonly { readonly messages: readonly Buffer[]; readonly answers: number }[] {
  const rows = `SELECT id, owner FROM notes WHERE owner = '${owner}' ORDER BY id`
  return [
    { messages: [say.query(`${rows} LIMIT 3`)], answers: 1 },
    { messages: [say.query(`SELECT '${owner}' AS a; SELECT 1/0 AS b; SELECT 2 AS c`)], answers: 1 },
    {
      messages: [
        ...[say.parse('s', `SELECT $1::text || '${owner}' AS x`), say.describe('statement', 's')],
        ...[
          say.bind('', 's', 'one '),
          say.execute(''),
          say.bind('p', 's', null),
          say.execute('p', 1),
          say.sync,
        ],
        ...[say.bind('', 's', 'two '), say.execute(''), say.close('statement', 's'), say.sync],
      ],
      answers: 2,
    },
    {
      messages: [say.query('BEGIN'), say.query(rows), say.query('SELECT nonsense'), say.query('ROLLBACK')],
      answers: 4,
    },
    { messages: [say.query(`COPY (${rows}) TO STDOUT`)], answers: 1 },
    { messages: [say.query(`SELECT '${owner}' || repeat('x', 5000) AS large`)], answers: 1 },
  ]
}

/** What the client heard, as far as it came. */
export interface Heard {
  readonly lines: readonly string[]
  /** Why it heard no more; null where it was told everything. */
  readonly end: 'no login' | 'closed' | 'late' | null
}

/** Holds the conversation, for `limitMs` at most. */
export async function converse(url: string, owner: string, limitMs: number): Promise<Heard> {
  const lines: string[] = []
  let client: WireClient | undefined
  let isLate = false
  const limit = new Promise<null>((resolve) => setTimeout(resolve, limitMs, null).unref())
  const whole = (async (): Promise<Heard['end']> => {
    try {
      client = await WireClient.connect(url, limitMs)
    } catch {
      return 'no login'
    }
    if (isLate) {
      client.close()
      return 'late'
    }
    for (const { messages, answers } of bursts(owner)) {
      client.send(...messages)
      lines.push(...(await client.ready(answers)))
      if (lines.at(-1) === 'closed') return 'closed'
    }
    return null
  })()
  const outcome = await Promise.race([whole.then((end) => ({ end })), limit])
  isLate = true
  client?.close()
  return { lines, end: outcome === null ? 'late' : outcome.end }
}
