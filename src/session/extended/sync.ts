import { ExpectedReply, Request } from '../../upstream/expected-replies.js'
import { SYNC } from '../../upstream/server-frame.js'
import type { Session } from '../session.js'

const REPLY = new ExpectedReply(Request.Sync, 'relay')

/** Sync: ends the skipping after an error, and the transaction if none was begun. */
export function sync(session: Session): boolean {
  session.skipping = false
  if (session.connection === null) session.write(session.lease.aftermath.readyForQuery)
  else session.connection.send(SYNC, REPLY)
  return true
}
