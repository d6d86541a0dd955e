import { continuation, frameWithoutSql } from '../upstream/server-frame.js'
import { type Frame, frameView } from '../wire/frame.js'
import type { Session } from './session.js'

/** CopyData, CopyDone, CopyFail: the server ignores them outside of a COPY, and without a server nobody reads them. */
export function copy(session: Session, frame: Frame): boolean {
  const { connection } = session
  if (connection === null || connection.replies.length === 0) return true
  connection.send(frameWithoutSql(frameView(frame)), null)
  return true
}

/** The next part of a CopyData whose beginning `copy` had; the lease can't end before the last one. */
export function copyPart(session: Session, frame: Frame, remaining: number): void {
  const { connection, lease } = session
  if (connection === null || !lease.forwardsPart) return
  connection.send(continuation(frameView(frame)), null)
  if (remaining > 0) return
  lease.forwardsPart = false
  if (connection.isIdle) lease.idle()
}
