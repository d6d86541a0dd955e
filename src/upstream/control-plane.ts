import { Pool } from 'pg'
import type { Current } from '../core/current.js'
import { Serial } from '../core/serial.js'
import type { Policy } from '../policy/policy.js'
import { viewRules } from '../policy/view-rules.js'
import { FINGERPRINT } from '../schema/catalog-queries.js'
import type { Snapshot } from '../schema/snapshot.js'
import { SnapshotSource } from '../schema/snapshot-source.js'
import { parseTree } from '../sql/parse.js'
import type { TenantCatalog } from '../tenants/catalog.js'
import { channelsOf } from '../tenants/channels.js'
import { DatabaseWatch } from '../tenants/database-watch.js'
import { PostgresStore } from '../tenants/postgres-store.js'

export interface ControlPlaneOptions {
  /** Connection string of the operator: it reads the catalogs and the control schema. */
  readonly operatorUrl: string
  readonly controlSchema: string
  readonly policy: Current<Policy>
  /** How often to look for changes that no notification told of; 3000 ms by default. */
  readonly pollMs?: number
  /** Failed refreshes and rows that can't be read; the values in force stay. */
  readonly onProblem: (problem: unknown) => void
}

/** WHO and WHAT, kept up to date: tenants and logins, and the database's schema. */
export interface ControlPlane {
  readonly catalog: Current<TenantCatalog>
  readonly snapshot: Current<Snapshot>
  /** Resolves when everything that was committed before the call is in force here. */
  refresh(): Promise<void>
  /** Reads the schema again, soon. */
  schemaChanged(): void
  close(): Promise<void>
}

/**
 * Loads both once and watches from then on; `loadParser` must have been awaited.
 *
 * Throws   where the database can't be reached or has no control schema
 */
export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const pool = new Pool({
    connectionString: options.operatorUrl,
    max: 3,
    application_name: 'tenantgate control',
  })
  pool.on('error', options.onProblem)
  try {
    return await watch(pool, options)
  } catch (error) {
    await pool.end()
    throw error
  }
}

async function watch(pool: Pool, options: ControlPlaneOptions): Promise<ControlPlane> {
  const { controlSchema, policy, onProblem } = options
  const catalog = await PostgresStore.open({ pool, controlSchema, onProblem })
  const snapshot = await SnapshotSource.open({
    connection: (use) => withConnection(pool, use),
    viewRules: () => viewRules(policy.value, parseTree),
  })
  const refreshCatalog = new Serial(() => catalog.refresh())
  const refreshSnapshot = new Serial(() => snapshot.refresh())
  const hint = (task: Serial) => () => void task.run().catch(onProblem)
  const pollSchema = new Serial(schemaPoll(pool, () => refreshSnapshot.run()))
  const channels = channelsOf(controlSchema)
  const listener = await DatabaseWatch.start({
    connectionString: options.operatorUrl,
    channels: new Map([
      [channels.catalog, hint(refreshCatalog)],
      [channels.schema, hint(refreshSnapshot)],
    ]),
    poll: () => {
      hint(refreshCatalog)()
      hint(pollSchema)()
    },
    pollMs: options.pollMs ?? 3000,
    onError: onProblem,
  })
  const unsubscribe = policy.subscribe(hint(refreshSnapshot))
  const refresh = async () => {
    await Promise.all([refreshCatalog.run(), refreshSnapshot.run()])
  }
  await refresh()
  return {
    catalog,
    snapshot,
    refresh,
    schemaChanged: hint(refreshSnapshot),
    close: async () => {
      unsubscribe()
      await listener.stop()
      await pool.end()
    },
  }
}

/** Introspects only when the catalogs' fingerprint has changed. */
function schemaPoll(pool: Pool, refresh: () => Promise<void>): () => Promise<void> {
  let seen: string | undefined
  return async () => {
    const { rows } = await pool.query<{ fingerprint: string }>(FINGERPRINT)
    const fingerprint = rows[0]?.fingerprint
    if (fingerprint === seen) return
    await refresh()
    seen = fingerprint
  }
}

async function withConnection<T>(
  pool: Pool,
  use: (query: (sql: string) => Promise<{ readonly rows: readonly object[] }>) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  try {
    const result = await use((sql) => client.query(sql))
    client.release()
    return result
  } catch (error) {
    client.release(true)
    throw error
  }
}
