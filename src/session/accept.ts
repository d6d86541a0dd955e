import type { Socket } from 'node:net'
import { GatewayError } from '../core/errors.js'
import { IncidentId } from '../core/ids.js'
import { tenantsOf } from '../tenants/reach.js'
import type { SettingValues } from '../upstream/own-sql.js'
import { TENANT_SETTING } from '../upstream/provision/row-security.js'
import type { FrameDecoder } from '../wire/frame-decoder.js'
import { STARTUP_FRAMES } from '../wire/frame-table.js'
import { authenticate } from './authenticate.js'
import { ClientLoop } from './client-loop.js'
import { encodeError } from './error-message.js'
import { ClientLeft, FrameReader } from './frame-reader.js'
import { acceptSettings, greet, greetAsReported } from './greet.js'
import { hangUp } from './hang-up.js'
import {
  accountOf,
  type Identity,
  isByToken,
  isOperator,
  type OperatorIdentity,
  type ScopedIdentity,
} from './identity.js'
import { type Authentication, recordRefusal } from './login-refusal.js'
import { OPERATOR_MESSAGES } from './operator/operator-messages.js'
import { OperatorSession } from './operator/operator-session.js'
import { isStillActive, type RegisteredSession, type SessionKey } from './registry.js'
import { MESSAGES } from './serve.js'
import type { SessionServices } from './services.js'
import { Session } from './session.js'
import { readStartup } from './startup.js'
import { reportedParameters } from './startup-settings.js'
import { boundedSettings, limitsOf } from './tenant-limits.js'
import { beginTokenSession } from './token-session.js'

/** Among whom a connection is counted, and how many they may be. */
interface Place {
  readonly key: string
  /** Units: 0 is no limit. */
  readonly limit: number
}

/** Where the operators' sessions are counted; no account has this name. */
const OPERATORS = ''

/** Takes a client from its startup packet to its session; never throws or rejects. */
export async function acceptClient(socket: Socket, services: SessionServices): Promise<void> {
  const reader = new FrameReader(socket, STARTUP_FRAMES)
  const deadline = setTimeout(() => socket.destroy(), services.loginTimeoutMs)
  try {
    await logIn(socket, reader, services)
  } catch (error) {
    reader.stop()
    sayWhy(socket, services, error)
  } finally {
    clearTimeout(deadline)
  }
}

async function logIn(socket: Socket, reader: FrameReader, services: SessionServices): Promise<void> {
  const clientAddress = socket.remoteAddress ?? ''
  const request = await readStartup(reader, socket, services.requiresTls)
  if ('kind' in request) {
    services.registry.cancel(request)
    reader.stop()
    hangUp(socket)
    return
  }
  const context = { services, reader, socket, request, clientAddress }
  const identity = await authenticate(context)
  if (request.database !== services.database) throw unknownDatabase(context, identity)
  if (isOperator(identity)) await logInOperator(context, identity)
  else await logInTenant(context, identity)
}

async function logInTenant(context: Authentication, identity: ScopedIdentity): Promise<void> {
  const { services, reader, socket, request } = context
  acceptSettings(request.settings)
  const { connections } = limitsOf(services, identity)
  const tenant = accountOf(identity)
  await enter(context, identity, { key: tenant, limit: connections })
  const limits = limitsOf(services, identity)
  const startupSettings = boundedSettings(request.settings, limits)
  const account = { tenant, weight: limits.weight }
  const parameters = await reportedParameters(services.pool, account, startupSettings)
  const decoder = reader.detach()
  const settings = withTenants(startupSettings, services, identity)
  const session = new Session({ socket, services, identity, startupSettings: settings })
  const key = register(context, session)
  session.processId = key.processId
  session.metrics.opened()
  session.write(greet({ parameters, settings: request.settings, login: identity.login.name, key }))
  new ClientLoop({ socket, decoder }, session, MESSAGES).start()
  endIfChanged(services, session)
}

/** It is greeted once it has a server connection of its own, with what that reports. */
async function logInOperator(context: Authentication, identity: OperatorIdentity): Promise<void> {
  const { services, reader, socket, request } = context
  const { max } = services.operators
  if (max > 0) await enter(context, identity, { key: OPERATORS, limit: max })
  const connection = await services.operators.open(request.settings)
  const decoder = detached(reader, () => services.operators.close(connection))
  const session = new OperatorSession({ socket, services, identity, connection })
  const key = register(context, session)
  session.write(greetAsReported(connection.parameters, key))
  new ClientLoop({ socket, decoder }, session, OPERATOR_MESSAGES).start()
  endIfChanged(services, session)
}

/** The client may have left meanwhile. */
function detached(reader: FrameReader, undo: () => void): FrameDecoder {
  try {
    return reader.detach()
  } catch (error) {
    undo()
    throw error
  }
}

function register(context: Authentication, session: RegisteredSession): SessionKey {
  const { services, socket, request } = context
  const { identity } = session
  const key = services.registry.add(session, request.secretBytes)
  socket.once('close', () => services.registry.delete(key.processId))
  if (isByToken(identity)) socket.once('close', beginTokenSession(context, identity, session))
  services.metrics.login('accepted', '')
  return key
}

/** It may have changed while the database was asked. */
function endIfChanged({ catalog, registry }: SessionServices, session: RegisteredSession): void {
  registry.endIfEnding(session)
  if (!isStillActive(session.identity, catalog.value)) session.end(new GatewayError('LOGIN_CHANGED', {}))
}

/** As a setting of the client's, it comes along with the others wherever a connection is lent; no client may change it. */
function withTenants(
  settings: SettingValues,
  services: SessionServices,
  identity: ScopedIdentity,
): SettingValues {
  if (!services.namesTenant) return settings
  return new Map(settings).set(TENANT_SETTING, tenantsOf(identity.reach).join())
}

/**
 * Takes up the place of one connection for as long as the socket is open.
 *
 * Throws   TOO_MANY_CONNECTIONS
 */
async function enter(context: Authentication, { login }: Identity, place: Place): Promise<void> {
  const { services, socket } = context
  const { quotas } = services
  if (!(await quotas.enter(place.key, place.limit))) {
    const error = new GatewayError('TOO_MANY_CONNECTIONS', {})
    recordRefusal(context, { error, cause: 'connection_limit', login })
    throw error
  }
  if (!socket.closed) socket.once('close', () => quotas.leave(place.key))
  else quotas.leave(place.key)
}

function unknownDatabase(context: Authentication, identity: Identity): GatewayError {
  const error = new GatewayError('UNKNOWN_DATABASE', { database: context.request.database })
  recordRefusal(context, { error, cause: 'unknown_database', login: identity.login })
  return error
}

function sayWhy(socket: Socket, services: SessionServices, error: unknown): void {
  if (error instanceof ClientLeft) {
    socket.destroy()
    return
  }
  socket.write(encodeError(fatal(services, error)))
  hangUp(socket)
}

/** Before the first ReadyForQuery every error is the last message. */
function fatal(services: SessionServices, error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  const incident = IncidentId.create()
  services.reportBug(error, incident)
  const internal = new GatewayError('INTERNAL', {}, { cause: error })
  internal.incident = incident
  return internal
}
