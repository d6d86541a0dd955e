import { ExpectedReply, Request } from '../../upstream/expected-replies.js'
import { frameWithoutSql } from '../../upstream/server-frame.js'
import { decodeFrame } from '../../wire/codec.js'
import { type Frame, frameView } from '../../wire/frame.js'
import { Close } from '../../wire/messages/close.js'
import { CloseComplete } from '../../wire/messages/close-complete.js'
import type { Session } from '../session.js'
import { StatementChange } from './statement-change.js'

const REPLY = new ExpectedReply(Request.Close, 'relay')

/** Close: of a portal on the server, of a statement here only, where others may be using the server's. */
export function close(session: Session, frame: Frame): boolean {
  const { target, name } = decodeFrame(Close, frame)
  if (target === 'statement' && !session.knows(name)) return false
  const { connection } = session
  if (connection === null) {
    if (target === 'statement') session.statements.delete(name)
    session.write(CloseComplete.bytes)
  } else if (target === 'portal') connection.send(frameWithoutSql(frameView(frame)), REPLY)
  else
    connection.answer(
      CloseComplete.bytes,
      new StatementChange(session, name, { now: null, preparation: null }),
    )
  return true
}
