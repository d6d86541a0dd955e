import { GatewayError } from '../core/errors.js'
import type { CopyIn } from '../sql/compiled.js'
import { type CopyStream, copyStream } from '../sql/copy-stream/copy-stream.js'
import type { Copying, Origin } from '../upstream/expected-replies.js'
import { frameWithoutSql } from '../upstream/server-frame.js'
import { decodeFrame } from '../wire/codec.js'
import { type Frame, frameView, HEADER_BYTES } from '../wire/frame.js'
import { CopyDone } from '../wire/messages/copy-done.js'
import { CopyFail } from '../wire/messages/copy-fail.js'
import { CopyInResponse } from '../wire/messages/copy-in-response.js'
import { afterCopy, COPY_DATA, COPY_DONE, CopyPhase, isCancelled, sendRows } from './copy-phase.js'
import { encodeError } from './error-message.js'
import { tenantOf } from './identity.js'
import { Patience } from './patience.js'
import { recordRefusal } from './refuse.js'
import type { Session } from './session.js'

/** Repeated in the server's error. */
const REASON = 'the gateway found an invalid row'
const DONE = frameWithoutSql(CopyDone.bytes)

/** A COPY whose rows go through the gateway. */
export class RunningCopy extends CopyPhase {
  readonly copyIn: CopyIn
  readonly text: Buffer
  readonly stream: CopyStream
  /** What the client gets instead of the server's error. */
  refusal: Buffer | null = null

  readonly patience: Patience

  constructor({ copyIn, text }: Copying, tenant: string, patience: Patience) {
    super()
    this.patience = patience
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
  const running = new RunningCopy(copying, tenant, patienceOf(session))
  session.copy = running
  running.patience.begin(session.limits.statementTimeoutMs)
  const response = decodeFrame(CopyInResponse, frame)
  const isAppended = copying.copyIn.tenant === 'append'
  const columnFormats = isAppended ? response.columnFormats.slice(0, -1) : response.columnFormats
  session.write(CopyInResponse.encode({ ...response, columnFormats }))
}

/** With a client that sends no rows. */
function patienceOf(session: Session): Patience {
  const patience = new Patience(() => {
    if (session.copy?.patience === patience) session.fail(new GatewayError('CLIENT_STALLED', {}))
  })
  return patience
}

/** An error of the server: the COPY is over. What the client gets instead of it, null where it gets that error. */
export function endCopy(session: Session, frame: Frame): Buffer | null {
  const running = session.copy
  session.copy = null
  if (running === null) return null
  running.patience.end()
  afterCopy(session, running, frame)
  if (running.refusal !== null) return running.refusal
  if (!running.hasFailed || !isCancelled(frame, REASON)) return null
  return encodeError(new GatewayError('COPY_FORMAT', {}))
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
  running.patience.moved()
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
  running.patience.moved()
  if (!running.hasFailed) passOn(session, running, frameView(frame))
}

function passOn(session: Session, running: RunningCopy, rows: Buffer): void {
  sendRows(session.connection, running.stream.feed(rows))
  if (running.stream.failure !== null) fail(session, running)
}

function finish(session: Session, running: RunningCopy): void {
  sendRows(session.connection, running.stream.end())
  if (running.stream.failure !== null) {
    fail(session, running)
    return
  }
  session.copy = null
  session.connection?.send(DONE, null)
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
