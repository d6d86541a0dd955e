import type { LoginName, TenantId } from '../core/ids.js'

/** app: reads and writes its tenant's rows; reader: reads them; analyst: reads several tenants'; operator: unscoped. */
export type LoginKind = 'app' | 'reader' | 'analyst' | 'operator'

/** One row of the logins table: who may connect, as whom. */
export interface Login {
  readonly name: LoginName
  readonly kind: LoginKind
  /** One for app and reader, at least one for analyst, none for operator. */
  readonly tenants: readonly TenantId[]
  /** A SCRAM verifier in PostgreSQL's own form, or null where only a certificate logs in. */
  readonly secret: string | null
  readonly certificateCn: string | null
  readonly disabled: boolean
}
