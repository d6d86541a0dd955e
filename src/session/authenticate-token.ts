import { createHash } from 'node:crypto'
import type { TokenGrant } from '../auth/jwt/token-grant.js'
import { verifyToken } from '../auth/jwt/verify-token.js'
import { GatewayError } from '../core/errors.js'
import { LoginName } from '../core/ids.js'
import type { ScopedLogin } from '../tenants/login.js'
import { scopedReachOf } from '../tenants/reach.js'
import { decodeFrame } from '../wire/codec.js'
import { AUTHENTICATION_FRAMES } from '../wire/frame-table.js'
import { AuthenticationCleartextPassword } from '../wire/messages/authentication-cleartext-password.js'
import { PasswordMessage } from '../wire/messages/password-message.js'
import { answer } from './client-answer.js'
import type { TokenIdentity } from './identity.js'
import { type Authentication, type LoginFailure, recordRefusal, refuseLogin } from './login-refusal.js'
import type { TokenLogins } from './token-logins.js'

/**
 * Finds out who it is by a token in the place of the password.
 *
 * A token can be used by whoever has read it. It is asked for in clear, so only over TLS: otherwise the client is sent
 * away before it has shown one.
 *
 * Failures are counted by the token: one that is shown again and again costs no verification. Counted by the user name,
 * which all tokens share, one client's expired token would keep its neighbours out; and a signature isn't guessed.
 *
 * Throws   TOKEN_UNENCRYPTED, AUTHENTICATION_FAILED, PROTOCOL_VIOLATION
 */
export async function authenticateToken(
  context: Authentication,
  { user, rules }: TokenLogins,
): Promise<TokenIdentity> {
  const { services, reader, socket, request, clientAddress } = context
  if (!request.transport.isEncrypted) throw refuseUnencrypted(context)
  reader.decoder.expect(AUTHENTICATION_FRAMES)
  socket.write(AuthenticationCleartextPassword.encode({}))
  const { password } = decodeFrame(PasswordMessage, await answer(reader))
  const token = password.toString('latin1')
  const countedBy = createHash('sha256').update(token, 'latin1').digest('base64')
  const refuse = (cause: LoginFailure['cause'], login?: ScopedLogin) =>
    refuseLogin(context, { cause, login, countedBy })
  if (services.throttle.waitMs(countedBy, clientAddress) > 0) throw refuse('throttled')
  const verdict = await verifyToken(token, rules, services.clock.now())
  if (typeof verdict === 'string') throw refuse(verdict)
  const login = loginOf(verdict, user)
  const reach = scopedReachOf(login, services.catalog.value)
  if (reach === null) throw refuse('suspended', login)
  services.throttle.succeeded(countedBy, clientAddress)
  const endsAtMs = verdict.expiresAtMs + rules.clockToleranceSeconds * 1000
  return { login, reach, clientAddress, token: { id: verdict.tokenId, endsAtMs } }
}

/** What stands in the place of a row of the logins table. */
function loginOf({ kind, tenants, subject }: TokenGrant, user: string): ScopedLogin {
  const name = LoginName.of(`${user}:${subject}`)
  return { name, kind, tenants, secret: null, certificateCn: null, disabled: false }
}

function refuseUnencrypted(context: Authentication): GatewayError {
  const error = new GatewayError(
    'TOKEN_UNENCRYPTED',
    {},
    { hint: 'Connect with sslmode=verify-full, so that nobody else gets the token either.' },
  )
  recordRefusal(context, { error, cause: 'unencrypted', login: undefined })
  return error
}
