import { GatewayError } from '../../core/errors.js'
import { ExpectedReply, Request } from '../../upstream/expected-replies.js'
import { nameOn, sendParse, sendUnnamedParse } from '../../upstream/prepare.js'
import { Preparation } from '../../upstream/prepared-statements.js'
import type { ServerConnection } from '../../upstream/server-connection.js'
import { decodeFrame } from '../../wire/codec.js'
import type { Frame } from '../../wire/frame.js'
import { Parse } from '../../wire/messages/parse.js'
import { ParseComplete } from '../../wire/messages/parse-complete.js'
import { ClientStatement } from '../client-statement.js'
import { refuse } from '../refuse.js'
import type { Session } from '../session.js'
import { StatementChange } from './statement-change.js'

/** Parse: the client's name becomes known here, the text where the connection doesn't know it already. */
export function parse(session: Session, frame: Frame): boolean {
  const { statement: name, text, parameterTypes } = decodeFrame(Parse, frame)
  if (session.lease.mustWaitForNames() || !session.knows(name)) return false
  try {
    if (name !== '' && session.statements.has(name))
      throw new GatewayError('STATEMENT_DUPLICATE', { statement: name })
    session.statements.demandRoom(name, text.length)
    const compilation = session.compile(text, parameterTypes, 'extended')
    if (compilation === null) return false
    const connection = session.lease.take()
    if (connection === null) return false
    const statement = new ClientStatement(name, { ...compilation, text: kept(text) })
    prepare(session, connection, statement)
  } catch (error) {
    refuse(session, { error, text, cycle: 'extended' })
  }
  return true
}

/** The chunk that a text came in isn't kept for it, unless the text is most of it. */
function kept(text: Buffer): Buffer {
  return text.length > text.buffer.byteLength / 2 ? text : Buffer.from(text)
}

function prepare(session: Session, connection: ServerConnection, statement: ClientStatement): void {
  const { name, server, compiled } = statement
  const isKnown = nameOn(connection, server) !== null
  if (isKnown && connection.acceptsStatements) {
    const change = new StatementChange(session, name, { now: statement, preparation: null })
    connection.answer(ParseComplete.bytes, change)
    return
  }
  const preparation = new Preparation(connection.cycle)
  const change = new StatementChange(session, name, { now: statement, preparation })
  const sent = { preparation, reply: new ExpectedReply(Request.Parse, 'relay', change) }
  // what comes once only isn't worth a name; and where a transaction may have failed, the server has to be asked
  if (isKnown || (name === '' && compiled.uses < 2)) sendUnnamedParse(connection, server, sent)
  else sendParse(connection, server, sent)
}
