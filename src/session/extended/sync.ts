import { ExpectedReply, Request } from '../../upstream/expected-replies.js'
import { SYNC } from '../../upstream/server-frame.js'
import { ReadyForQuery } from '../../wire/messages/ready-for-query.js'
import type { Session } from '../session.js'

const REPLY = new ExpectedReply(Request.Sync, 'relay')
const READY_IDLE = ReadyForQuery.encode({ status: 'I' })

/** Sync: ends the skipping after an error, and the transaction if none was begun. */
export function sync(session: Session): boolean {
  session.skipping = false
  if (session.connection === null) session.write(READY_IDLE)
  else session.connection.send(SYNC, REPLY)
  return true
}
