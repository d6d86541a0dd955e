import { GatewayError } from '../../core/errors.js'
import { ExpectedReply, Request } from '../../upstream/expected-replies.js'
import { ensurePrepared } from '../../upstream/prepare.js'
import { frameWithoutSql } from '../../upstream/server-frame.js'
import { decodeFrame } from '../../wire/codec.js'
import { type Frame, frameView } from '../../wire/frame.js'
import { Describe } from '../../wire/messages/describe.js'
import { renameTarget } from '../../wire/rename.js'
import { refuse } from '../refuse.js'
import type { Session } from '../session.js'

const REPLY = new ExpectedReply(Request.Describe, 'relay')

/** Describe, of a statement or of a portal. */
export function describe(session: Session, frame: Frame): boolean {
  if (session.lease.mustWaitForNames()) return false
  const { target, name } = decodeFrame(Describe, frame)
  if (target === 'statement' && !session.knows(name)) return false
  try {
    return target === 'statement' ? statement(session, name, frame) : portal(session, name, frame)
  } catch (error) {
    const text = session.statements.get(name)?.text ?? null
    refuse(session, { error, text, cycle: 'extended' })
    return true
  }
}

function statement(session: Session, name: string, frame: Frame): boolean {
  const described = session.statements.get(name)
  if (described === undefined) throw new GatewayError('STATEMENT_UNKNOWN', { statement: name })
  if (!described.refresh(session)) return false
  const connection = session.lease.take()
  if (connection === null) return false
  const serverName = ensurePrepared(connection, described.on(connection, session), name)
  const renamed = serverName === name ? frameView(frame) : renameTarget(frame, serverName)
  connection.send(frameWithoutSql(renamed), REPLY)
  return true
}

/** Portals don't outlive their transaction, and no transaction is without a connection. */
function portal(session: Session, name: string, frame: Frame): boolean {
  if (session.connection === null) throw new GatewayError('PORTAL_UNKNOWN', { portal: name })
  session.connection.send(frameWithoutSql(frameView(frame)), REPLY)
  return true
}
