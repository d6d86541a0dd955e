import { statementForwarded } from '../audit/forwarded.js'
import { GatewayError } from '../core/errors.js'
import { auditSubject } from './identity.js'
import type { Session } from './session.js'

/**
 * Writes a compiled text to the audit before it is sent, where all of its login's are written down.
 *
 * Throws   AUDIT_UNAVAILABLE
 */
export function recordStatement(session: Session, text: Buffer): void {
  if (session.identity.login.kind !== 'analyst') return
  const subject = auditSubject(session.identity, session.settings.get('application_name'))
  const { audit, literals } = session.services
  const isTaken = audit.record(statementForwarded({ subject, text, trusted: text.length, literals }))
  if (!isTaken) throw new GatewayError('AUDIT_UNAVAILABLE', {})
}
