import { Client, DatabaseError } from 'pg'
import type { Random } from '../property/random.js'
import { say, WireClient } from '../support/wire-client.js'

/** The table that all of them work on; a row's note begins with its tenant. */
export const ITEMS = `CREATE TABLE items (tenant_id text NOT NULL, id int NOT NULL, note text NOT NULL, PRIMARY KEY (tenant_id, id))`

export interface SoakWorld {
  /** Connection string of a tenant's login; every connection by another way, perhaps. */
  url(tenant: string): string
  readonly isOver: () => boolean
  readonly found: (what: string) => void
  /** How often each thing happened. */
  readonly counts: Map<string, number>
}

interface Visit {
  readonly client: Client
  readonly tenant: string
  readonly random: Random
  readonly check: (rows: readonly Record<string, unknown>[]) => void
}

const HANG_MS = 90_000
const STATEMENTS = 30
/** What cut connections and full pools say; and transactions that lock each other's rows. */
const EXPECTED = /^(08|57P0|57014|25P02|53300|40P01|55P03)/
const CUT = /terminated|ECONNRESET|EPIPE|ECONNREFUSED|closed|not queryable|Client was closed/i

type Work = (visit: Visit) => Promise<void>

const WORKS: Readonly<Record<string, Work>> = {
  'simple select': async ({ client, check, random }) =>
    check((await client.query(`SELECT *, ${random.below(50)} AS n FROM items ORDER BY id LIMIT 20`)).rows),
  'two statements': async ({ client, check }) => {
    const results = (await client.query(
      'SELECT * FROM items LIMIT 3; SELECT * FROM items i JOIN items j USING (tenant_id) LIMIT 3',
    )) as unknown
    for (const { rows } of results as { rows: Record<string, unknown>[] }[]) check(rows)
  },
  'extended select': async ({ client, check, random }) =>
    check((await client.query('SELECT * FROM items WHERE id > $1 LIMIT 5', [random.below(500)])).rows),
  'prepared select': async ({ client, check, random }) =>
    check(
      (
        await client.query({
          name: 'by id',
          text: 'SELECT * FROM items WHERE id = $1',
          values: [random.below(500)],
        })
      ).rows,
    ),
  insert: async ({ client, check, random, tenant }) =>
    check(
      (
        await client.query(
          'INSERT INTO items (id, note) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING *',
          [random.below(500), `${tenant} inserted`],
        )
      ).rows,
    ),
  update: async ({ client, check, random, tenant }) =>
    check(
      (
        await client.query(
          `UPDATE items SET note = '${tenant} updated' WHERE id = ${random.below(500)} RETURNING *`,
        )
      ).rows,
    ),
  transaction: async ({ client, check, random, tenant }) => {
    await client.query('BEGIN')
    await client.query(`UPDATE items SET note = $1 WHERE id = $2`, [`${tenant} changed`, random.below(500)])
    check((await client.query('SELECT * FROM items LIMIT 10')).rows)
    await client.query(random.chance(50) ? 'COMMIT' : 'ROLLBACK')
  },
  'temporary table': async ({ client, check, tenant }) => {
    await client.query('CREATE TEMP TABLE scratch (tenant_id text, note text)')
    await client.query('INSERT INTO scratch VALUES ($1, $1)', [tenant])
    check((await client.query('SELECT * FROM scratch')).rows)
    await client.query('DROP TABLE scratch')
  },
  notification: async ({ client, tenant }) => {
    await client.query('LISTEN news')
    await client.query(`NOTIFY news, '${tenant}'`)
    await client.query('UNLISTEN news')
  },
  setting: async ({ client, check, tenant }) => {
    await client.query(`SET application_name TO '${tenant}'`)
    const { rows } = await client.query(`SELECT current_setting('application_name') AS note`)
    check(rows.map((row) => ({ tenant_id: tenant, ...row })))
  },
}

/** Comes and goes until it is over: each time with some statements, of which each row is looked at. */
export async function live(world: SoakWorld, tenant: string, random: Random): Promise<void> {
  while (!world.isOver()) {
    const outcome = await Promise.race([visit(world, tenant, random), late()])
    if (outcome === 'late') world.found(`${tenant}: no answer for ${HANG_MS} ms`)
  }
}

function late(): Promise<'late'> {
  return new Promise((resolve) => setTimeout(resolve, HANG_MS, 'late' as const).unref())
}

async function visit(world: SoakWorld, tenant: string, random: Random): Promise<void> {
  const { counts, found } = world
  if (random.chance(15)) return copy(world, tenant)
  const client = new Client({
    connectionString: world.url(tenant),
    connectionTimeoutMillis: HANG_MS - 15_000,
  })
  client.on('error', () => {})
  client.on('notification', ({ payload }) => {
    if (payload !== tenant) found(`${tenant} was notified of ${payload}`)
  })
  const check: Visit['check'] = (rows) => {
    count(counts, 'rows', rows.length)
    for (const row of rows)
      if (row.tenant_id !== tenant || !String(row.note).startsWith(tenant))
        found(`${tenant} got ${JSON.stringify(row)}`)
  }
  let name = 'login'
  try {
    await client.connect()
    for (let left = random.below(STATEMENTS); left > 0 && !world.isOver(); left -= 1) {
      name = random.pick(Object.keys(WORKS))
      await WORKS[name]?.({ client, tenant, random, check })
      count(counts, name)
    }
    await client.end()
    count(counts, 'whole visits')
  } catch (error) {
    count(counts, `${name === 'login' ? 'login' : 'statement'} ended by ${reasonOf(error)}`)
    if (!isExpected(error)) found(`${tenant}, ${name}: ${String(error)}`)
  } finally {
    // whatever it was in the middle of
    ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  }
}

function reasonOf(error: unknown): string {
  return (error as { readonly code?: string }).code ?? String(error)
}

function isExpected(error: unknown): boolean {
  if (error instanceof DatabaseError) return EXPECTED.test(error.code ?? '')
  return error instanceof Error && CUT.test(`${(error as { code?: string }).code} ${error.message}`)
}

/** Rows go in and come out by COPY. */
async function copy({ url, found, counts }: SoakWorld, tenant: string): Promise<void> {
  let client: WireClient
  try {
    client = await WireClient.connect(url(tenant))
  } catch {
    return
  }
  client.send(
    say.query('COPY items (id, note) FROM STDIN'),
    say.copyData(Buffer.from(`-1\t${tenant} copied\n`)),
    say.copyDone,
  )
  client.send(say.query('COPY items TO STDOUT'))
  const lines = await client.ready(2)
  for (const [, row = ''] of lines
    .map((line) => /^< CopyData data="(.*)"$/.exec(line) ?? [])
    .filter(({ length }) => length > 0)) {
    count(counts, 'rows')
    const [owner, , note = ''] = row.split('\\t')
    if (owner !== tenant || !note.startsWith(tenant)) found(`${tenant} copied ${row}`)
  }
  if (lines.some((line) => line.startsWith('garbled'))) found(`${tenant}: ${lines.at(-2)}`)
  count(counts, 'copies')
  client.close()
}

function count(counts: Map<string, number>, what: string, by = 1): void {
  counts.set(what, (counts.get(what) ?? 0) + by)
}
