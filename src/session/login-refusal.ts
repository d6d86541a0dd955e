import type { Socket } from 'node:net'
import type { LoginRefused } from '../audit/event.js'
import { GatewayError } from '../core/errors.js'
import { IncidentId } from '../core/ids.js'
import type { Login } from '../tenants/login.js'
import type { FrameReader } from './frame-reader.js'
import { auditedTenants } from './identity.js'
import type { SessionServices } from './services.js'
import type { StartupRequest } from './startup.js'

/** A client that says who it is, and all that it takes to find out. */
export interface Authentication {
  readonly services: SessionServices
  readonly reader: FrameReader
  readonly socket: Socket
  readonly request: StartupRequest
  readonly clientAddress: string
}

export interface LoginFailure {
  readonly cause: LoginRefused['cause']
  readonly login: Login | undefined
  /** What the throttle counts failures by, beside the address. */
  readonly countedBy: string
}

/** A failed attempt: counted, written down, and answered like every other one. */
export function refuseLogin(
  context: Authentication,
  { cause, login, countedBy }: LoginFailure,
): GatewayError<'AUTHENTICATION_FAILED'> {
  const { services, request, clientAddress } = context
  const error = new GatewayError('AUTHENTICATION_FAILED', { login: request.user })
  // throttled attempts were not judged: they must not keep the throttle up for ever
  if (cause !== 'throttled') services.throttle.failed(countedBy, clientAddress)
  recordRefusal(context, { error, cause, login })
  return error
}

interface LoginRefusal {
  readonly error: GatewayError
  readonly cause: LoginRefused['cause']
  readonly login: Login | undefined
}

/** Says to the operators what the client isn't told. */
export function recordRefusal(context: Authentication, { error, cause, login }: LoginRefusal): void {
  const { services, request, clientAddress } = context
  services.metrics.login('refused', cause)
  const subject = {
    tenant: auditedTenants(login?.tenants ?? []),
    login: login?.name ?? request.user,
    loginKind: login?.kind ?? null,
    clientAddress,
    applicationName: request.settings.get('application_name') ?? null,
  }
  const { sqlstate, code } = error
  const incident = IncidentId.create()
  services.audit.record({ kind: 'login_refused', incident, subject, sqlstate, reason: code, cause })
}
