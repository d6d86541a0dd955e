import { GatewayError } from '../../core/errors.js'
import { frameWithoutSql } from '../../upstream/server-frame.js'
import { BodyReader } from '../../wire/body-reader.js'
import { type Frame, frameView, HEADER_BYTES } from '../../wire/frame.js'
import { Execution } from '../client-statement.js'
import { refuse } from '../refuse.js'
import type { Session } from '../session.js'

/** Execute: portals keep the client's names. */
export function execute(session: Session, frame: Frame): boolean {
  const body = new BodyReader('Execute', frame.bytes, { start: frame.start + HEADER_BYTES, end: frame.end })
  const portal = body.cstring()
  const { connection } = session
  try {
    if (connection === null) throw new GatewayError('PORTAL_UNKNOWN', { portal })
    session.countStatement()
    const reply = portal === '' ? session.unnamedExecution : Execution.reply(session.portals, portal)
    connection.send(frameWithoutSql(frameView(frame)), reply)
  } catch (error) {
    refuse(session, { error, text: null, cycle: 'extended' })
  }
  return true
}
