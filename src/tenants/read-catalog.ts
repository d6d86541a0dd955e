import { LoginName, TenantId } from '../core/ids.js'
import type { TenantCatalog } from './catalog.js'
import type { Login, LoginKind } from './login.js'
import { readSettings } from './settings.js'
import type { Tenant } from './tenant.js'

export interface TenantRow {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly settings: unknown
}

export interface LoginRow {
  readonly name: string
  readonly kind: string
  readonly tenants: readonly string[]
  readonly secret: string | null
  readonly certificateCn: string | null
  readonly disabled: boolean
}

export interface CatalogRows {
  readonly tenants: readonly TenantRow[]
  readonly logins: readonly LoginRow[]
}

const KINDS: ReadonlySet<string> = new Set(['app', 'reader', 'analyst', 'operator'] satisfies LoginKind[])

/**
 * Turns rows into a catalog; one that can't be read is left out and reported, and nobody logs in by it.
 *
 * One tenant's misspelt limit must not keep the other tenants from logging in.
 */
export function readCatalog(
  rows: CatalogRows,
  { generation, onProblem }: { readonly generation: number; readonly onProblem: (problem: string) => void },
): TenantCatalog {
  const kept = <Row, T>(list: readonly Row[], read: (row: Row) => T | string): readonly T[] =>
    list.flatMap((row) => {
      const item = read(row)
      if (typeof item !== 'string') return [item]
      onProblem(item)
      return []
    })
  const tenants = new Map(kept(rows.tenants, readTenant).map((tenant) => [tenant.id, tenant]))
  const logins = kept(rows.logins, (row) => readLogin(row, tenants))
  return { generation, tenants, logins: new Map(logins.map((login) => [login.name, login])) }
}

function readTenant(row: TenantRow): Tenant | string {
  if (!TenantId.is(row.id)) return `tenant ${JSON.stringify(row.id)}: not a tenant id`
  if (row.status !== 'active' && row.status !== 'suspended') return `tenant ${row.id}: status ${row.status}`
  const result = readSettings(row.settings)
  if (!result.ok) return `tenant ${row.id}: ${result.problem}`
  return { id: row.id, name: row.name, status: row.status, settings: result.settings }
}

function readLogin(row: LoginRow, tenants: ReadonlyMap<TenantId, Tenant>): Login | string {
  if (!KINDS.has(row.kind)) return `login ${row.name}: kind ${row.kind}`
  const ids = row.tenants.filter(TenantId.is)
  if (ids.length !== row.tenants.length || !ids.every((id) => tenants.has(id)))
    return `login ${row.name}: names a tenant that doesn't exist`
  if (!hasRightNumber(row.kind as LoginKind, ids.length)) return `login ${row.name}: ${ids.length} tenants`
  const { secret, certificateCn, disabled } = row
  return {
    name: LoginName.of(row.name),
    kind: row.kind as LoginKind,
    tenants: ids,
    secret,
    certificateCn,
    disabled,
  }
}

function hasRightNumber(kind: LoginKind, count: number): boolean {
  if (kind === 'operator') return count === 0
  return kind === 'analyst' ? count >= 1 : count === 1
}
