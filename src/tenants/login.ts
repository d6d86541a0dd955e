import type { LoginName, TenantId } from '../core/ids.js'

/** app: reads and writes its tenant's rows; reader: reads them; analyst: reads several tenants'; operator: unscoped. */
export type LoginKind = 'app' | 'reader' | 'analyst' | 'operator'

/** The kinds whose statements are compiled for tenants. */
export type ScopedKind = Exclude<LoginKind, 'operator'>

interface LoginOf<K extends LoginKind> {
  readonly name: LoginName
  readonly kind: K
  /** One for app and reader, at least one for analyst, none for operator. */
  readonly tenants: readonly TenantId[]
  /** A SCRAM verifier in PostgreSQL's own form, or null where only a certificate logs in. */
  readonly secret: string | null
  readonly certificateCn: string | null
  readonly disabled: boolean
}

export type ScopedLogin = LoginOf<ScopedKind>
export type OperatorLogin = LoginOf<'operator'>

/** One row of the logins table: who may connect, as whom. */
export type Login = ScopedLogin | OperatorLogin
