import type { TenantId } from '../core/ids.js'
import type { TenantCatalog } from './catalog.js'
import type { Login, ScopedLogin } from './login.js'

/** The rows of one tenant, or of several, which can only be read; in the order of their ids, none twice, at least one. */
export type ScopedReach =
  | { readonly kind: 'one'; readonly tenant: TenantId }
  | { readonly kind: 'several'; readonly tenants: readonly TenantId[] }

/** Everything that the database lets its operator do. */
export interface UnscopedReach {
  readonly kind: 'all'
}

/** Whose rows a login works on. */
export type Reach = ScopedReach | UnscopedReach

/** What a login reaches as of now; null where none of its tenants is active. */
export function reachOf(login: Login, catalog: TenantCatalog): Reach | null {
  return login.kind === 'operator' ? { kind: 'all' } : scopedReachOf(login, catalog)
}

/** As `reachOf`; an analyst with one tenant that is active has several all the same. */
export function scopedReachOf(login: ScopedLogin, { tenants }: TenantCatalog): ScopedReach | null {
  const active = login.tenants.filter((id) => tenants.get(id)?.status === 'active')
  const [first] = active
  if (first === undefined) return null
  if (login.kind !== 'analyst') return { kind: 'one', tenant: first }
  return { kind: 'several', tenants: [...new Set(active)].sort() }
}

export function isSameReach(a: Reach, b: Reach): boolean {
  if (a.kind === 'all' || b.kind === 'all') return a.kind === b.kind
  return a.kind === b.kind && tenantsOf(a).join() === tenantsOf(b).join()
}

export function tenantsOf(reach: ScopedReach): readonly TenantId[] {
  return reach.kind === 'one' ? [reach.tenant] : reach.tenants
}
