import { statementRefused } from '../../audit/refusal.js'
import { IncidentId } from '../../core/ids.js'
import { unsupported } from '../../sql/refusals.js'
import { encodeError } from '../error-message.js'
import { failInPlace } from '../refuse.js'
import type { OperatorSession } from './operator-session.js'

/** FunctionCall calls past every text, by OID: the audit could not say what ran. */
export function functionCall(session: OperatorSession): boolean {
  const error = unsupported('functionCallMessage')
  error.incident = IncidentId.create()
  const { audit, literals } = session.services
  const text = Buffer.from('FunctionCall')
  audit.record(
    statementRefused({ error, incident: error.incident, subject: session.subject, text, literals }),
  )
  session.metrics.refused(error.code)
  failInPlace(session.connection, encodeError(error), 'simple')
  return true
}
