import type { ClientBase } from 'pg'
import { channelsOf } from './channels.js'
import { MIGRATIONS } from './migrations/index.js'
import type { Migration } from './migrations/migration.js'
import { quoteIdentifier, quoteLiteral } from './quote.js'

/** A key of its own among advisory locks; any number does as long as it stays. */
const LOCK = 7_403_112_651

/**
 * Brings the control schema up to date; gives the names of the steps that were missing.
 *
 * One transaction under an advisory lock: several gateways may start at once, and a failed step leaves nothing behind.
 */
export async function migrate(client: ClientBase, controlSchema: string): Promise<readonly string[]> {
  await client.query('BEGIN')
  try {
    await client.query(`SELECT pg_advisory_xact_lock(${LOCK})`)
    await client.query(bootstrap(controlSchema))
    const schema = quoteIdentifier(controlSchema)
    const { rows } = await client.query<{ version: number }>(`SELECT version FROM ${schema}.migrations`)
    const done = new Set(rows.map(({ version }) => version))
    const missing = MIGRATIONS.filter(({ version }) => !done.has(version))
    for (const migration of missing) await client.query(step(migration, controlSchema))
    await client.query('COMMIT')
    return missing.map(({ name }) => name)
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}

/** The whole migration as SQL, for reading. */
export function migrationSql(controlSchema: string): string {
  return [bootstrap(controlSchema), ...MIGRATIONS.map((migration) => step(migration, controlSchema))].join(
    '\n',
  )
}

function bootstrap(controlSchema: string): string {
  const schema = quoteIdentifier(controlSchema)
  return `CREATE SCHEMA IF NOT EXISTS ${schema};
CREATE TABLE IF NOT EXISTS ${schema}.migrations (
  version    integer PRIMARY KEY,
  name       text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);`
}

function step(migration: Migration, controlSchema: string): string {
  const schema = quoteIdentifier(controlSchema)
  const channels = channelsOf(controlSchema)
  const sql = migration.sql({
    schema,
    catalogChannel: quoteLiteral(channels.catalog),
  })
  return `${sql}INSERT INTO ${schema}.migrations (version, name) VALUES (${migration.version}, ${quoteLiteral(migration.name)});`
}
