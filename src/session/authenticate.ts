import type { LoginRefused } from '../audit/event.js'
import { ScramSecret } from '../auth/scram-secret.js'
import { challenge, SCRAM_SHA_256, SCRAM_SHA_256_PLUS, type ScramChallenge } from '../auth/scram-server.js'
import { GatewayError } from '../core/errors.js'
import { LoginName } from '../core/ids.js'
import type { Login } from '../tenants/login.js'
import { reachOf, scopedReachOf } from '../tenants/reach.js'
import { decodeFrame } from '../wire/codec.js'
import { AUTHENTICATION_FRAMES } from '../wire/frame-table.js'
import { AuthenticationSASL } from '../wire/messages/authentication-sasl.js'
import { AuthenticationSASLContinue } from '../wire/messages/authentication-sasl-continue.js'
import { AuthenticationSASLFinal } from '../wire/messages/authentication-sasl-final.js'
import { SASLInitialResponse } from '../wire/messages/sasl-initial-response.js'
import { SASLResponse } from '../wire/messages/sasl-response.js'
import { authenticateToken } from './authenticate-token.js'
import { answer } from './client-answer.js'
import type { Identity } from './identity.js'
import { type Authentication, refuseLogin } from './login-refusal.js'
import type { SessionServices } from './services.js'
import type { Transport } from './transport.js'

/**
 * Finds out who it is: by certificate, or by offer, challenge and proof; by a token where the client names the user that
 * tokens are for, whatever logins there are.
 *
 * A login with a common name of its own needs no password where the connection's verified certificate has that name; with
 * any other certificate or none, it has to prove its password like everybody.
 *
 * An unknown login goes the same way with a secret that no password fits. Whether a login is disabled, its tenant
 * suspended or the pair throttled is looked at when the proof has been judged, and answered like a wrong password.
 *
 * Throws   AUTHENTICATION_FAILED, TOKEN_UNENCRYPTED, PROTOCOL_VIOLATION
 */
export async function authenticate(context: Authentication): Promise<Identity> {
  const { services, reader, socket, request, clientAddress } = context
  const { user } = request
  const { tokens } = services
  if (tokens?.user === user) return authenticateToken(context, tokens)
  const login = services.catalog.value.logins.get(LoginName.of(user))
  const throttled = services.throttle.waitMs(user, clientAddress) > 0
  reader.decoder.expect(AUTHENTICATION_FRAMES)
  if (login !== undefined && isCertified(login, request.transport)) {
    const cause = refusal({ login, proven: true, throttled: false, services })
    if (cause !== null) throw refuse(context, cause)
    return identityOf(login, context)
  }
  const exchange = await startExchange(context, secretOf(login, user, services.mockKey))
  socket.write(AuthenticationSASLContinue.encode({ data: exchange.message }))
  const { data } = decodeFrame(SASLResponse, await answer(reader))
  const final = exchange.verify(data)
  // looked at again: others may have failed while this one was under way
  const isThrottled = throttled || services.throttle.waitMs(user, clientAddress) > 0
  const cause = refusal({ login, proven: final !== null, throttled: isThrottled, services })
  if (cause !== null || login === undefined || final === null) throw refuse(context, cause ?? 'unknown_login')
  services.throttle.succeeded(user, clientAddress)
  socket.write(AuthenticationSASLFinal.encode({ data: final }))
  return identityOf(login, context)
}

/** As the `cert` method of PostgreSQL has it: the whole name, to the letter. */
function isCertified({ certificateCn }: Login, transport: Transport): boolean {
  return certificateCn !== null && certificateCn === transport.certificateCn
}

async function startExchange(
  { reader, socket, request }: Authentication,
  secret: ScramSecret,
): Promise<ScramChallenge> {
  const { serverEndPoint: data } = request.transport
  const mechanisms = data === null ? [SCRAM_SHA_256] : [SCRAM_SHA_256_PLUS, SCRAM_SHA_256]
  socket.write(AuthenticationSASL.encode({ mechanisms }))
  const { mechanism, response } = decodeFrame(SASLInitialResponse, await answer(reader))
  if (!mechanisms.includes(mechanism) || response === null)
    throw new GatewayError('PROTOCOL_VIOLATION', {
      message: 'SASLInitialResponse',
      reason: 'its mechanism was not offered',
    })
  const binding = data === null ? null : { data, chosen: mechanism === SCRAM_SHA_256_PLUS }
  return challenge(response, secret, { binding })
}

function secretOf(login: Login | undefined, user: string, mockKey: Buffer): ScramSecret {
  const secret = login?.secret === null || login === undefined ? null : ScramSecret.parse(login.secret)
  return secret ?? ScramSecret.mock(mockKey, user)
}

interface Judgement {
  readonly login: Login | undefined
  readonly proven: boolean
  readonly throttled: boolean
  readonly services: SessionServices
}

function refusal({ login, proven, throttled, services }: Judgement): LoginRefused['cause'] | null {
  if (throttled) return 'throttled'
  if (login === undefined) return 'unknown_login'
  if (!proven) return 'wrong_password'
  if (login.disabled) return 'disabled'
  return reachOf(login, services.catalog.value) === null ? 'suspended' : null
}

function refuse(context: Authentication, cause: LoginRefused['cause']): GatewayError {
  const { services, request } = context
  const login = services.catalog.value.logins.get(LoginName.of(request.user))
  return refuseLogin(context, { cause, login, countedBy: request.user })
}

function identityOf(login: Login, context: Authentication): Identity {
  const { services, clientAddress } = context
  if (login.kind === 'operator') return { login, reach: { kind: 'all' }, clientAddress }
  const reach = scopedReachOf(login, services.catalog.value)
  if (reach === null) throw refuse(context, 'suspended')
  return { login, reach, clientAddress }
}
