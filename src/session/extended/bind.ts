import { GatewayError } from '../../core/errors.js'
import { ExpectedReply, Request } from '../../upstream/expected-replies.js'
import { ensurePrepared } from '../../upstream/prepare.js'
import { frameWithoutSql } from '../../upstream/server-frame.js'
import { BodyReader } from '../../wire/body-reader.js'
import { type Frame, frameView, HEADER_BYTES } from '../../wire/frame.js'
import { renameBind } from '../../wire/rename.js'
import { anticipate } from '../anticipate.js'
import { Binding, type ClientStatement } from '../client-statement.js'
import { demandPrepared } from '../prepared-names.js'
import { recordStatement } from '../record-statement.js'
import { refuse } from '../refuse.js'
import type { Session } from '../session.js'
import { checkParameters } from './check-parameters.js'

/** Bind: under the name that the connection has for the statement, which it learns now if it must. */
export function bind(session: Session, frame: Frame): boolean {
  if (session.lease.mustWaitForNames()) return false
  const range = { start: frame.start + HEADER_BYTES, end: frame.end }
  const names = new BodyReader('Bind', frame.bytes, range)
  const portal = names.cstring()
  const name = names.cstring()
  if (!session.knows(name)) return false
  const statement = session.statements.get(name)
  try {
    if (statement === undefined) throw new GatewayError('STATEMENT_UNKNOWN', { statement: name })
    if (!statement.refresh(session)) return false
    checkParameters(session, statement, frame)
    if (!demandPrepared(session, statement.compilation)) return false
    if (session.lease.take() === null) return false
    forward(session, { frame, portal, statement })
  } catch (error) {
    refuse(session, { error, text: statement?.text ?? null, cycle: 'extended' })
  }
  return true
}

interface BindRequest {
  readonly frame: Frame
  readonly portal: string
  readonly statement: ClientStatement
}

function forward(session: Session, { frame, portal, statement }: BindRequest): void {
  const connection = session.lease.take()
  if (connection === null) return
  recordStatement(session, statement.text)
  const serverName = ensurePrepared(connection, statement.on(connection, session), statement.name)
  const renamed = serverName === statement.name ? frameView(frame) : renameBind(frame, serverName)
  const binding = new Binding(session, portal, { source: statement, cycle: connection.cycle })
  anticipate(session, connection, statement.compiled)
  connection.send(frameWithoutSql(renamed), new ExpectedReply(Request.Bind, 'relay', binding))
}
