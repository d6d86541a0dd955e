import { GatewayError } from '../core/errors.js'
import { ExpectedReply, Request } from '../upstream/expected-replies.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import { continuation, frameWithoutSql, SYNC as SYNC_FRAME } from '../upstream/server-frame.js'
import { decodeFrame } from '../wire/codec.js'
import { type Frame, HEADER_BYTES } from '../wire/frame.js'
import { messageName } from '../wire/message-names.js'
import { CopyFail } from '../wire/messages/copy-fail.js'
import { ErrorResponse } from '../wire/messages/error-response.js'

export const COPY_DATA = 'd'.charCodeAt(0)
export const COPY_DONE = 'c'.charCodeAt(0)
export const COPY_FAIL = 'f'.charCodeAt(0)
const FLUSH = 'H'.charCodeAt(0)
const SYNC = 'S'.charCodeAt(0)
const TERMINATE = 'X'.charCodeAt(0)
const QUERY_CANCELED = '57014'
/** Repeated in the server's error. */
const INTERRUPTED = 'the client sent something else'

/** A COPY … FROM STDIN that the server waits for: from its CopyInResponse to the client's last word, or to an error. */
export class CopyPhase {
  /** The server has been told to give up; rows that still come are dropped. */
  hasFailed = false
  /** The rest of a CopyData is still to come. */
  isMidMessage = false
  /** The client has begun with its rows. */
  hasRows = false
  /** Syncs that came in front of the rows. */
  ignoredSyncs = 0
  /** What the client sent in the place of rows; it waits until the server has said whether it was reading. */
  interruption: GatewayError | null = null
}

/** The session whose COPY it is. */
export interface CopyHost {
  readonly connection: ServerConnection | null
  readonly copy: CopyPhase | null
  fail(error: GatewayError): void
}

/**
 * What becomes of a message because a COPY is running: nothing; it is ignored; it waits.
 *
 * One that has no place in a COPY ends the session, since the server would lose track of its messages. But a COPY may
 * have failed before it read anything, and its error be on its way: then it stands behind the COPY. So the server is told
 * to give up, and its answer says which it was.
 */
export function duringCopy({ copy, connection }: CopyHost, type: number): 'handle' | 'ignore' | 'wait' {
  if (copy === null || copy.hasFailed) return 'handle'
  if (copy.interruption !== null) return 'wait'
  if (type === SYNC && !copy.hasRows) copy.ignoredSyncs += 1
  if (type === SYNC || type === FLUSH) return 'ignore'
  if (type === COPY_DATA || type === COPY_DONE || type === COPY_FAIL || type === TERMINATE) return 'handle'
  const message = messageName('frontend', type) ?? String(type)
  copy.interruption = new GatewayError('UNEXPECTED_MESSAGE', { message, phase: 'COPY from stdin' })
  connection?.send(frameWithoutSql(CopyFail.encode({ reason: INTERRUPTED })), null)
  return 'wait'
}

/** The server's error has ended a COPY. One that failed before it read anything has not read the Syncs behind it either: it answers each of them. */
export function afterCopy(host: CopyHost, phase: CopyPhase, frame: Frame): void {
  if (phase.interruption !== null && isCancelled(frame, INTERRUPTED)) host.fail(phase.interruption)
  if (phase.hasRows) return
  const { connection } = host
  for (let i = 0; i < phase.ignoredSyncs; i += 1)
    connection?.send(SYNC_FRAME, new ExpectedReply(Request.Sync, 'relay'))
  connection?.flush()
}

/** Whether an error says that a COPY was given up for a reason of ours; of malformed rows the server has its own words, if it has read as far. */
export function isCancelled(frame: Frame, reason: string): boolean {
  const { fields } = decodeFrame(ErrorResponse, frame)
  return fields.get('C') === QUERY_CANCELED && fields.get('M')?.includes(reason) === true
}

/** Wire     Byte1('d') · Int32 length · rows, which may begin and end anywhere */
export function sendRows(connection: ServerConnection | null, rows: Buffer): void {
  if (connection === null || rows.length === 0) return
  const header = Buffer.allocUnsafe(HEADER_BYTES)
  header[0] = COPY_DATA
  header.writeInt32BE(rows.length + HEADER_BYTES - 1, 1)
  connection.send(frameWithoutSql(header), null)
  connection.send(continuation(rows), null)
}
