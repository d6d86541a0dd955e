import type { Pool } from 'pg'
import { Cell, type Current } from '../core/current.js'
import type { TenantCatalog } from './catalog.js'
import { quoteIdentifier } from './quote.js'
import { type CatalogRows, type LoginRow, readCatalog, type TenantRow } from './read-catalog.js'

export interface PostgresStoreOptions {
  readonly pool: Pool
  readonly controlSchema: string
  /** Told of every row that had to be left out. */
  readonly onProblem: (problem: string) => void
}

/** Tenants and logins as they were last read from the control schema; the same rows keep the same catalog. */
export class PostgresStore implements Current<TenantCatalog> {
  readonly #options: PostgresStoreOptions
  readonly #cell: Cell<TenantCatalog>
  #text: string

  private constructor(options: PostgresStoreOptions, rows: CatalogRows) {
    this.#options = options
    this.#cell = new Cell(readCatalog(rows, { generation: 1, onProblem: options.onProblem }))
    this.#text = JSON.stringify(rows)
  }

  static async open(options: PostgresStoreOptions): Promise<PostgresStore> {
    return new PostgresStore(options, await readRows(options))
  }

  get value(): TenantCatalog {
    return this.#cell.value
  }

  subscribe(listener: (value: TenantCatalog) => void): () => void {
    return this.#cell.subscribe(listener)
  }

  /** Must not run twice at a time: the later answer could be the older rows. */
  async refresh(): Promise<void> {
    const rows = await readRows(this.#options)
    const text = JSON.stringify(rows)
    if (text === this.#text) return
    this.#text = text
    const generation = this.value.generation + 1
    this.#cell.replace(readCatalog(rows, { generation, onProblem: this.#options.onProblem }))
  }
}

/** Both tables in one statement, so that a login and its tenant belong together. */
async function readRows({ pool, controlSchema }: PostgresStoreOptions): Promise<CatalogRows> {
  const schema = quoteIdentifier(controlSchema)
  const { rows } = await pool.query<{ tenants: readonly TenantRow[]; logins: readonly LoginRow[] }>(`
    SELECT (SELECT coalesce(json_agg(t ORDER BY id), '[]')
            FROM (SELECT id, name, status, settings FROM ${schema}.tenants) t) AS tenants,
           (SELECT coalesce(json_agg(l ORDER BY name), '[]')
            FROM (SELECT name, kind, tenants, secret, certificate_cn AS "certificateCn", disabled
                  FROM ${schema}.logins) l) AS logins`)
  return rows[0] ?? { tenants: [], logins: [] }
}
