import { statementForwarded } from '../audit/forwarded.js'
import { auditSubject } from './identity.js'
import type { Session } from './session.js'

/** Writes a compiled text to the audit before it is sent, where all of its login's are written down. */
export function recordStatement(session: Session, text: Buffer): void {
  if (session.identity.login.kind !== 'analyst') return
  const subject = auditSubject(session.identity, session.settings.get('application_name'))
  const { audit, literals } = session.services
  audit.record(statementForwarded({ subject, text, trusted: text.length, literals }))
}
