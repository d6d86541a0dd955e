import { DatabaseError } from 'pg'
import { TenantId } from '../core/ids.js'
import { quoteIdentifier } from './quote.js'
import { readSettings } from './settings.js'
import { applyAssignments } from './settings-assignments.js'
import { StoreError } from './store-error.js'

/** One statement on a connection that may write the control schema. */
export type WriteQuery = (
  sql: string,
  values: readonly unknown[],
) => Promise<{ readonly rows: readonly object[]; readonly rowCount: number | null }>

/** A tenant as the command line and the API show it. */
export interface TenantRecord {
  readonly id: string
  readonly name: string
  readonly status: 'active' | 'suspended'
  readonly settings: Readonly<Record<string, unknown>>
  readonly logins: readonly string[]
  readonly createdAt: string
  readonly updatedAt: string
}

export interface NewTenant {
  readonly id: string
  readonly name: string
  /** `features.x=true` and the like. */
  readonly assignments: readonly string[]
}

/**
 * Writes to the tenants table; every change is in force in each gateway within a second.
 *
 * Throws   StoreError
 */
export class TenantWrites {
  readonly #query: WriteQuery
  readonly #schema: string

  constructor(query: WriteQuery, controlSchema: string) {
    this.#query = query
    this.#schema = quoteIdentifier(controlSchema)
  }

  async add({ id, name, assignments }: NewTenant): Promise<void> {
    if (!TenantId.is(id))
      throw new StoreError(`${JSON.stringify(id)} is not a tenant id: 1 to 63 of A-Z a-z 0-9 _ -`)
    const settings = checked(applyAssignments({}, assignments))
    await this.#query(`INSERT INTO ${this.#schema}.tenants (id, name, settings) VALUES ($1, $2, $3)`, [
      id,
      name,
      JSON.stringify(settings),
    ]).catch((error: unknown) => {
      throw isDuplicate(error) ? new StoreError(`tenant ${id} exists already`) : error
    })
  }

  async list(): Promise<readonly TenantRecord[]> {
    const { rows } = await this.#query(`${this.#select()} ORDER BY t.id`, [])
    return rows as readonly TenantRecord[]
  }

  async show(id: string): Promise<TenantRecord> {
    const { rows } = await this.#query(`${this.#select()} WHERE t.id = $1`, [id])
    const [tenant] = rows as readonly TenantRecord[]
    if (tenant === undefined) throw unknownTenant(id)
    return tenant
  }

  /** Two who set different keys at once must not undo each other: the row is read and written only if it is still the same. */
  async set(id: string, assignments: readonly string[]): Promise<TenantRecord> {
    const before = await this.show(id)
    const settings = checked(applyAssignments(before.settings, assignments))
    const { rowCount } = await this.#query(
      `UPDATE ${this.#schema}.tenants SET settings = $2 WHERE id = $1 AND settings = $3::jsonb`,
      [id, JSON.stringify(settings), JSON.stringify(before.settings)],
    )
    return rowCount === 0 ? this.set(id, assignments) : this.show(id)
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#update(id, 'name', name)
  }

  async setStatus(id: string, status: TenantRecord['status']): Promise<void> {
    await this.#update(id, 'status', status)
  }

  /** Takes the tenant and its logins away; its rows stay where they are, out of everybody's reach. */
  async remove(id: string): Promise<readonly string[]> {
    const { rows, rowCount } = await this.#query(
      `WITH gone AS (DELETE FROM ${this.#schema}.tenants WHERE id = $1 RETURNING id),
            own AS (DELETE FROM ${this.#schema}.logins WHERE $1 = ANY (tenants) AND array_remove(tenants, $1) = '{}'
                    AND EXISTS (SELECT FROM gone) RETURNING name),
            others AS (UPDATE ${this.#schema}.logins SET tenants = array_remove(tenants, $1)
                       WHERE $1 = ANY (tenants) AND array_remove(tenants, $1) <> '{}' AND EXISTS (SELECT FROM gone))
       SELECT gone.id, ARRAY(SELECT name FROM own ORDER BY name) AS logins FROM gone`,
      [id],
    )
    if (rowCount === 0) throw unknownTenant(id)
    return (rows as readonly { readonly logins: readonly string[] }[])[0]?.logins ?? []
  }

  async #update(id: string, column: 'name' | 'status', value: string): Promise<void> {
    const { rowCount } = await this.#query(
      `UPDATE ${this.#schema}.tenants SET ${column} = $2 WHERE id = $1`,
      [id, value],
    )
    if (rowCount === 0) throw unknownTenant(id)
  }

  #select(): string {
    return `SELECT t.id, t.name, t.status, t.settings, t.created_at AS "createdAt", t.updated_at AS "updatedAt",
      ARRAY(SELECT l.name FROM ${this.#schema}.logins l WHERE t.id = ANY (l.tenants) ORDER BY l.name) AS logins
      FROM ${this.#schema}.tenants t`
  }
}

function checked(settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const result = readSettings(settings)
  if (!result.ok) throw new StoreError(result.problem)
  return settings
}

function unknownTenant(id: string): StoreError {
  return new StoreError(`there is no tenant ${id}`)
}

export function isDuplicate(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '23505'
}
