import type { AuditSubject } from '../audit/event.js'
import type { TenantId } from '../core/ids.js'
import type { Login } from '../tenants/login.js'

/** Who a session is, for its whole life. */
export interface Identity {
  readonly login: Login
  readonly tenant: TenantId
  readonly tenants: readonly TenantId[]
  readonly clientAddress: string
}

export function auditSubject(identity: Identity, applicationName: string | undefined): AuditSubject {
  return {
    tenant: identity.tenant,
    login: identity.login.name,
    loginKind: identity.login.kind,
    clientAddress: identity.clientAddress,
    applicationName: applicationName ?? null,
  }
}
