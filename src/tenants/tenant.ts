import type { TenantId } from '../core/ids.js'

/** A tenant's limits; 0 means no limit, of what is one. A key that the tenant's settings leave out has the configuration's default. */
export interface Limits {
  readonly connections: number
  readonly concurrentQueries: number
  readonly queriesPerSecond: number
  readonly statementTimeoutMs: number
  /** How long a transaction may wait for its client. */
  readonly idleInTransactionMs: number
  readonly resultRows: number
  readonly resultBytes: number
  /** Its share of the server connections while too few are free, against the weights of the others. */
  readonly weight: number
}

/** One row of the tenants table. */
export interface Tenant {
  readonly id: TenantId
  readonly name: string
  readonly status: 'active' | 'suspended'
  readonly settings: {
    readonly features: Readonly<Record<string, unknown>>
    readonly branding: Readonly<Record<string, unknown>>
    readonly limits: Partial<Limits>
  }
}
