import { FLUSH } from '../../upstream/server-frame.js'
import type { Session } from '../session.js'

/** Flush: the answers so far, those of the gateway included, without ending anything. */
export function flush(session: Session): boolean {
  const { connection } = session
  if (connection === null) return true
  connection.send(FLUSH, null)
  connection.answerSynthetic()
  return true
}
