import { GatewayError } from '../core/errors.js'
import type { CopyIn } from '../sql/compiled.js'
import { type CopyStream, copyStream } from '../sql/copy-stream/copy-stream.js'
import { type Copying, ExpectedReply, type Origin, Request } from '../upstream/expected-replies.js'
import { continuation, frameWithoutSql, SYNC as SYNC_FRAME } from '../upstream/server-frame.js'
import { decodeFrame } from '../wire/codec.js'
import { type Frame, frameView, HEADER_BYTES } from '../wire/frame.js'
import { messageName } from '../wire/message-names.js'
import { CopyDone } from '../wire/messages/copy-done.js'
import { CopyFail } from '../wire/messages/copy-fail.js'
import { CopyInResponse } from '../wire/messages/copy-in-response.js'
import { ErrorResponse } from '../wire/messages/error-response.js'
import { encodeError } from './error-message.js'
import { tenantOf } from './identity.js'
import { recordRefusal } from './refuse.js'
import type { Session } from './session.js'

const COPY_DATA = 'd'.charCodeAt(0)
const COPY_DONE = 'c'.charCodeAt(0)
const COPY_FAIL = 'f'.charCodeAt(0)
const FLUSH = 'H'.charCodeAt(0)
const SYNC = 'S'.charCodeAt(0)
const TERMINATE = 'X'.charCodeAt(0)
const QUERY_CANCELED = '57014'
/** Repeated in the server's error. */
const REASON = 'the gateway found an invalid row'
const INTERRUPTED = 'the client sent something else'
const DONE = frameWithoutSql(CopyDone.bytes)

/** A COPY … FROM STDIN that the server waits for: from its CopyInResponse to the client's last word, or to an error. */
export class RunningCopy {
  readonly copyIn: CopyIn
  readonly text: Buffer
  readonly stream: CopyStream
  /** What the client gets instead of the server's error. */
  refusal: Buffer | null = null
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

  constructor({ copyIn, text }: Copying, tenant: string) {
    this.copyIn = copyIn
    this.text = text
    this.stream = copyStream(copyIn, tenant)
  }
}

/** CopyInResponse: the client is told of the columns that it sends. Throws where no plan says what the rows have to go through. */
export function startCopy(session: Session, frame: Frame, origin: Origin): void {
  const copying = origin.copying?.() ?? null
  const tenant = tenantOf(session.identity)
  if (copying === null || tenant === null) throw new Error('the server asks for rows that no plan speaks of')
  session.copy = new RunningCopy(copying, tenant)
  const response = decodeFrame(CopyInResponse, frame)
  const isAppended = copying.copyIn.tenant === 'append'
  const columnFormats = isAppended ? response.columnFormats.slice(0, -1) : response.columnFormats
  session.write(CopyInResponse.encode({ ...response, columnFormats }))
}

/** An error of the server: the COPY is over. What the client gets instead of it, null where it gets that error. */
export function endCopy(session: Session, frame: Frame): Buffer | null {
  const running = session.copy
  session.copy = null
  if (running === null) return null
  if (running.interruption !== null && isOurFailure(frame, INTERRUPTED)) session.fail(running.interruption)
  if (!running.hasRows) answerSyncs(session, running.ignoredSyncs)
  if (running.refusal !== null) return running.refusal
  if (!running.hasFailed || !isOurFailure(frame, REASON)) return null
  return encodeError(new GatewayError('COPY_FORMAT', {}))
}

/** A COPY that failed before it read anything has not read the Syncs behind it either: the server answers each of them. */
function answerSyncs({ connection }: Session, count: number): void {
  for (let i = 0; i < count; i += 1) connection?.send(SYNC_FRAME, new ExpectedReply(Request.Sync, 'relay'))
  connection?.flush()
}

/** Of malformed rows the server has its own words, if it has read as far. */
function isOurFailure(frame: Frame, reason: string): boolean {
  const { fields } = decodeFrame(ErrorResponse, frame)
  return fields.get('C') === QUERY_CANCELED && fields.get('M')?.includes(reason) === true
}

/**
 * CopyData, CopyDone, CopyFail: ignored outside of a COPY, as the server does.
 *
 * Waits while it isn't known whether what is outstanding is a COPY: nothing reaches a server that hasn't asked for it.
 */
export function copy(session: Session, frame: Frame, remaining: number): boolean {
  const { connection, copy: running } = session
  if (connection === null) return true
  if (running === null) return session.lease.hasAllAnswers()
  const type = frame.bytes[frame.start]
  running.hasRows = true
  if (running.hasFailed) return true
  if (type === COPY_DATA) {
    running.isMidMessage = remaining > 0
    passOn(session, running, frame.bytes.subarray(frame.start + HEADER_BYTES, frame.end))
  } else if (type === COPY_DONE) finish(session, running)
  else {
    session.copy = null
    connection.send(frameWithoutSql(frameView(frame)), null)
  }
  return true
}

/** The next part of a CopyData whose beginning `copy` had. */
export function copyPart(session: Session, frame: Frame, remaining: number): void {
  const running = session.copy
  if (running === null || !running.isMidMessage) return
  running.isMidMessage = remaining > 0
  if (!running.hasFailed) passOn(session, running, frameView(frame))
}

/**
 * What becomes of a message because a COPY is running: nothing; it is ignored; it waits.
 *
 * One that has no place in a COPY ends the session, since the server would lose track of its messages. But a COPY may
 * have failed before it read anything, and its error be on its way: then it stands behind the COPY. So the server is told
 * to give up, and its answer says which it was.
 */
export function duringCopy(session: Session, type: number): 'handle' | 'ignore' | 'wait' {
  const running = session.copy
  if (running === null || running.hasFailed) return 'handle'
  if (running.interruption !== null) return 'wait'
  if (type === SYNC && !running.hasRows) running.ignoredSyncs += 1
  if (type === SYNC || type === FLUSH) return 'ignore'
  if (type === COPY_DATA || type === COPY_DONE || type === COPY_FAIL || type === TERMINATE) return 'handle'
  const message = messageName('frontend', type) ?? String(type)
  running.interruption = new GatewayError('UNEXPECTED_MESSAGE', { message, phase: 'COPY from stdin' })
  session.connection?.send(frameWithoutSql(CopyFail.encode({ reason: INTERRUPTED })), null)
  return 'wait'
}

function passOn(session: Session, running: RunningCopy, rows: Buffer): void {
  sendRows(session, running.stream.feed(rows))
  if (running.stream.failure !== null) fail(session, running)
}

function finish(session: Session, running: RunningCopy): void {
  sendRows(session, running.stream.end())
  if (running.stream.failure !== null) {
    fail(session, running)
    return
  }
  session.copy = null
  session.connection?.send(DONE, null)
}

/** Wire     Byte1('d') · Int32 length · rows, which may begin and end anywhere */
function sendRows({ connection }: Session, rows: Buffer): void {
  if (connection === null || rows.length === 0) return
  const header = Buffer.allocUnsafe(HEADER_BYTES)
  header[0] = COPY_DATA
  header.writeInt32BE(rows.length + HEADER_BYTES - 1, 1)
  connection.send(frameWithoutSql(header), null)
  connection.send(continuation(rows), null)
}

/** The server rolls back. */
function fail(session: Session, running: RunningCopy): void {
  running.hasFailed = true
  if (running.stream.failure === 'mismatch') {
    const error = new GatewayError(
      'TENANT_MISMATCH',
      { relation: running.copyIn.relation },
      { hint: 'Leave the tenant column out; the gateway supplies it.' },
    )
    recordRefusal(session, error, running.text)
    session.metrics.refused(error.code)
    running.refusal = encodeError(error)
  }
  session.connection?.send(frameWithoutSql(CopyFail.encode({ reason: REASON })), null)
}
