import type { AuditSubject } from '../audit/event.js'
import type { TenantId } from '../core/ids.js'
import type { OperatorLogin, ScopedLogin } from '../tenants/login.js'
import { type Reach, type ScopedReach, tenantsOf, type UnscopedReach } from '../tenants/reach.js'

/** Who a session is that works on tenants' rows, for its whole life. */
export interface ScopedIdentity {
  readonly login: ScopedLogin
  /** As of the login; when it changes, the session ends. */
  readonly reach: ScopedReach
  readonly clientAddress: string
  /** Where a token stands for a login, that is in no catalog then. */
  readonly token?: SessionToken
}

/** What a session keeps of the token that began it; never the token. */
export interface SessionToken {
  /** The issuer's name for it; null where it has none. */
  readonly id: string | null
  /** Wall clock, ms since the epoch: when the session has to be over. */
  readonly endsAtMs: number
}

export type TokenIdentity = ScopedIdentity & { readonly token: SessionToken }

/** Who an operator's session is. */
export interface OperatorIdentity {
  readonly login: OperatorLogin
  readonly reach: UnscopedReach
  readonly clientAddress: string
}

export type Identity = ScopedIdentity | OperatorIdentity

export function isOperator(identity: Identity): identity is OperatorIdentity {
  return identity.login.kind === 'operator'
}

/** The tenant that rows are written for; null where they are only read, or nobody asks. */
export function tenantOf({ reach }: Identity): TenantId | null {
  return reach.kind === 'one' ? reach.tenant : null
}

/** No tenant's id holds a bracket, so that none of these is one. */
const LABELS = { several: '(several)', all: '(all)' } as const

/** What metrics say in the place of the tenant. */
export function tenantLabel(reach: Reach): string {
  return reach.kind === 'one' ? reach.tenant : LABELS[reach.kind]
}

/** Under which name connections, leases and statements are counted together: the tenant's, or an own one of each other login. */
export function accountOf(identity: Identity): string {
  const { reach, login } = identity
  if (reach.kind === 'one') return reach.tenant
  // a login may have the name that a token gives
  return isByToken(identity) ? `[${login.name}]` : `(${login.name})`
}

export function isByToken(identity: Identity): identity is TokenIdentity {
  return 'token' in identity && identity.token !== undefined
}

/** The tenants as the audit names them; null where it is nobody's or everybody's. */
export function auditedTenants(tenants: readonly string[]): string | null {
  return tenants.length === 0 ? null : tenants.join(',')
}

export function auditSubject(identity: Identity, applicationName: string | undefined): AuditSubject {
  const { login, reach, clientAddress } = identity
  return {
    tenant: reach.kind === 'all' ? null : auditedTenants(tenantsOf(reach)),
    login: login.name,
    loginKind: login.kind,
    clientAddress,
    applicationName: applicationName ?? null,
  }
}
