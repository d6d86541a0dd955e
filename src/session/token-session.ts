import type { Clock } from '../core/clock.js'
import { GatewayError } from '../core/errors.js'
import { IncidentId } from '../core/ids.js'
import { auditSubject, type TokenIdentity } from './identity.js'
import type { Authentication } from './login-refusal.js'
import type { RegisteredSession } from './registry.js'

/** What a timer of Node can wait for. */
const MAX_WAIT_MS = 2_147_483_647

/** Writes down whose token was taken, and has the session end with it. Gives what calls the timer off. */
export function beginTokenSession(
  { services, request }: Authentication,
  identity: TokenIdentity,
  session: Pick<RegisteredSession, 'end'>,
): () => void {
  const { id: tokenId, endsAtMs } = identity.token
  const subject = auditSubject(identity, request.settings.get('application_name'))
  const incident = IncidentId.create()
  services.audit.record({ kind: 'token_accepted', incident, subject, tokenId, endsAtMs })
  return endAt(endsAtMs, services.clock, session)
}

/** By the wall clock, as the token has it: whether the moment has come is looked at again when the wait is over. */
function endAt(endsAtMs: number, clock: Clock, session: Pick<RegisteredSession, 'end'>): () => void {
  let timer: NodeJS.Timeout
  const wait = (): void => {
    const leftMs = endsAtMs - clock.now()
    if (leftMs <= 0) session.end(new GatewayError('TOKEN_EXPIRED', {}))
    else timer = setTimeout(wait, Math.min(leftMs, MAX_WAIT_MS)).unref()
  }
  timer = setTimeout(wait, 0).unref()
  return () => clearTimeout(timer)
}
