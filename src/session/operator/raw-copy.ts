import { frameWithoutSql } from '../../upstream/server-frame.js'
import { type Frame, frameView, HEADER_BYTES } from '../../wire/frame.js'
import { COPY_DATA, sendRows } from '../copy-phase.js'
import type { OperatorSession } from './operator-session.js'

/**
 * CopyData, CopyDone, CopyFail: ignored outside of a COPY, as the server does.
 *
 * Each part of a CopyData goes as a message of its own: should the COPY fail in its middle, the server isn't left waiting for the rest.
 */
export function rows(session: OperatorSession, frame: Frame, remaining: number): boolean {
  const { copy, connection } = session
  if (copy === null) return session.hasAllAnswers()
  copy.hasRows = true
  if (copy.hasFailed) return true
  if (frame.bytes[frame.start] === COPY_DATA) {
    copy.isMidMessage = remaining > 0
    sendRows(connection, frame.bytes.subarray(frame.start + HEADER_BYTES, frame.end))
  } else {
    session.copy = null
    connection.send(frameWithoutSql(frameView(frame)), null)
  }
  return true
}

/** The next part of a CopyData whose beginning `rows` had. */
export function part({ copy, connection }: OperatorSession, frame: Frame, remaining: number): void {
  if (copy === null || !copy.isMidMessage) return
  copy.isMidMessage = remaining > 0
  sendRows(connection, frameView(frame))
}
