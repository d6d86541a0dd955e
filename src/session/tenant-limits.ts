import type { TenantCatalog } from '../tenants/catalog.js'
import type { Limits } from '../tenants/tenant.js'
import type { SettingValues } from '../upstream/own-sql.js'
import { BOUNDED_SETTINGS, boundedValue } from './bounded-timeouts.js'
import { type ScopedIdentity, tenantOf } from './identity.js'
import type { SessionServices } from './services.js'

/** The configuration's limits, where there is not one tenant that has its own. */
export function limitsOf({ catalog, limits }: SessionServices, identity: ScopedIdentity): Limits {
  const tenant = tenantOf(identity)
  if (tenant === null) return limits.value
  return { ...limits.value, ...catalog.value.tenants.get(tenant)?.settings.limits }
}

/** A session's limits as they are now; looked up again when tenants or configuration have changed. */
export class LiveLimits {
  readonly #services: SessionServices
  readonly #identity: ScopedIdentity
  #catalog: TenantCatalog
  #defaults: Limits
  #value: Limits

  constructor(services: SessionServices, identity: ScopedIdentity) {
    this.#services = services
    this.#identity = identity
    this.#catalog = services.catalog.value
    this.#defaults = services.limits.value
    this.#value = limitsOf(services, identity)
  }

  get value(): Limits {
    const { catalog, limits } = this.#services
    if (catalog.value !== this.#catalog || limits.value !== this.#defaults) {
      this.#catalog = catalog.value
      this.#defaults = limits.value
      this.#value = limitsOf(this.#services, this.#identity)
    }
    return this.#value
  }
}

/** A session's settings to begin with: the client's, within the tenant's limits. */
export function boundedSettings(settings: SettingValues, limits: Limits): SettingValues {
  const bounded = new Map(settings)
  for (const name of BOUNDED_SETTINGS) {
    const value = boundedValue(name, settings.get(name), limits)
    if (value !== undefined) bounded.set(name, value)
  }
  return bounded
}
