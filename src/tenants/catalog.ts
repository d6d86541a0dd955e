import type { LoginName, TenantId } from '../core/ids.js'
import type { Login } from './login.js'
import type { Tenant } from './tenant.js'

/** WHO: every tenant and login at one moment, immutable; replaced as a whole when the tables change. */
export interface TenantCatalog {
  readonly generation: number
  readonly tenants: ReadonlyMap<TenantId, Tenant>
  readonly logins: ReadonlyMap<LoginName, Login>
}
