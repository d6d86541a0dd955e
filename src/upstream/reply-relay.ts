import { invariant } from '../core/invariant.js'
import { type ResultLimits, ResultSize } from '../limits/result-size.js'
import { decodeFrame } from '../wire/codec.js'
import { type Frame, HEADER_BYTES } from '../wire/frame.js'
import { FrameDecoder } from '../wire/frame-decoder.js'
import { backendFrames, MAX_MESSAGE_BYTES } from '../wire/frame-table.js'
import { messageName } from '../wire/message-names.js'
import { CommandComplete } from '../wire/messages/command-complete.js'
import { CopyOutResponse } from '../wire/messages/copy-out-response.js'
import { ParameterStatus } from '../wire/messages/parameter-status.js'
import { ReadyForQuery, type TransactionStatus } from '../wire/messages/ready-for-query.js'
import { type ExpectedReplies, type ExpectedReply, Request } from './expected-replies.js'
import type { Lessee } from './lessee.js'

const FRAMES = backendFrames(MAX_MESSAGE_BYTES)
const NOTHING = Buffer.alloc(0)

const { Query, Parse, Bind, Describe, Execute, Close } = Request

/** Message type → the requests it may answer, and those whose reply it ends. What isn't here is asynchronous, or wrong. */
const ANSWERS: Readonly<Record<string, { readonly to: number; readonly ends: number }>> = {
  '1': { to: Parse, ends: Parse },
  '2': { to: Bind, ends: Bind },
  '3': { to: Close, ends: Close },
  C: { to: Query | Execute, ends: Execute },
  D: { to: Query | Execute, ends: 0 },
  G: { to: Query | Execute, ends: 0 },
  H: { to: Query | Execute, ends: 0 },
  I: { to: Query | Execute, ends: Execute },
  T: { to: Query | Describe, ends: Describe },
  c: { to: Query | Execute, ends: 0 },
  d: { to: Query | Execute, ends: 0 },
  n: { to: Describe, ends: Describe },
  s: { to: Execute, ends: Execute },
  t: { to: Describe, ends: 0 },
}
const MAY_ANSWER = maskOf('to')
const MAY_END = maskOf('ends')

const COMMAND_COMPLETE = 'C'.charCodeAt(0)
const DATA_ROW = 'D'.charCodeAt(0)
const COPY_DATA = 'd'.charCodeAt(0)
const PORTAL_SUSPENDED = 's'.charCodeAt(0)
const COPY_OUT_RESPONSE = 'H'.charCodeAt(0)
const ENDS_RESULT: ReadonlySet<number> = new Set(['C', 'I', 's'].map((tag) => tag.charCodeAt(0)))
const READY_FOR_QUERY = 'Z'.charCodeAt(0)
const COPY_IN_RESPONSE = 'G'.charCodeAt(0)

const STATUSES: readonly (TransactionStatus | undefined)[] = Array.from({ length: 256 }, (_, byte) =>
  (['I', 'T', 'E'] as const).find((status) => status.charCodeAt(0) === byte),
)

/** What a server may say at any time. */
const OTHER: ReadonlyMap<number, (relay: ReplyRelay, head: ExpectedReply | undefined) => void> = new Map([
  ['E'.charCodeAt(0), (relay: ReplyRelay, head: ExpectedReply | undefined) => relay.error(head)],
  ['N'.charCodeAt(0), (relay: ReplyRelay, head: ExpectedReply | undefined) => relay.notice(head)],
  ['S'.charCodeAt(0), (relay: ReplyRelay, head: ExpectedReply | undefined) => relay.parameterStatus(head)],
  ['A'.charCodeAt(0), (relay: ReplyRelay) => relay.notification()],
])

/** The server connection that the relay works for. */
export interface RelayHost {
  readonly lessee: Lessee | null
  parameterChanged(name: string, value: string): void
  /** ReadyForQuery: a cycle of requests is over. */
  cycleEnded(status: TransactionStatus): void
}

/**
 * Takes a server's bytes apart by headers and gives them to the lessee, as the expected replies say.
 *
 * Messages that are relayed and lie side by side in a chunk go on as one piece of it.
 *
 * Throws   PROTOCOL_VIOLATION, or an Error where the server answers what wasn't asked: the connection can't be used any more
 */
export class ReplyRelay {
  readonly #decoder = new FrameDecoder(FRAMES)
  readonly #replies: ExpectedReplies
  readonly #host: RelayHost
  #runBytes: Buffer = NOTHING
  #runStart = 0
  #runEnd = 0
  /** The client has the beginning of a message whose end hasn't come. */
  isMidMessage = false
  #headFailed = false
  #limits: ResultLimits | null = null
  readonly #size = new ResultSize()
  /** The rest of what is asked for in this cycle isn't relayed: a result was too large. */
  #withholds = false

  constructor(replies: ExpectedReplies, host: RelayHost) {
    this.#replies = replies
    this.#host = host
  }

  /** A result is being dropped that the server may as well stop sending. */
  get withholds(): boolean {
    return this.#withholds
  }

  feed(chunk: Buffer): void {
    const decoder = this.#decoder
    decoder.feed(chunk)
    this.#limits = this.#host.lessee?.resultLimits ?? null
    this.answerSynthetic()
    try {
      for (let event = decoder.next(); event !== 'starved'; event = decoder.next()) {
        if (event !== 'body') this.#handle(decoder.type)
        else if (!this.#withholds) this.#passOn(this.#replies.head)
      }
    } finally {
      // what was all right goes on: it may be the end of what the client has the beginning of
      this.flushRun()
    }
  }

  /** Writes the answers that the gateway gives itself and whose turn it is. */
  answerSynthetic(): void {
    for (let head = this.#replies.head; head?.request === Request.Synthetic; head = this.#replies.head) {
      this.flushRun()
      if (head.bytes !== null) this.#host.lessee?.relay(head.bytes)
      this.#replies.settleHead('completed')
    }
  }

  #handle(type: number): void {
    const head = this.#replies.head
    if (head !== undefined && ((MAY_ANSWER[type] ?? 0) & head.request) !== 0) this.#answer(type, head)
    else if (type === READY_FOR_QUERY) this.#ready(head)
    else this.#handleOther(type, head)
  }

  #answer(type: number, head: ExpectedReply): void {
    if (this.#limits !== null) this.#measure(type, { head, limits: this.#limits })
    if (this.#withholds) {
      this.#withhold(type, head)
      return
    }
    if (type === PORTAL_SUSPENDED) this.#suspended(head)
    if (type === COPY_IN_RESPONSE) this.#startCopy(head)
    else if (type !== COMMAND_COMPLETE || !this.#commandCompleted(head)) this.#passOn(head)
    if (((MAY_END[type] ?? 0) & head.request) !== 0) this.#settle('completed')
  }

  #measure(
    type: number,
    { head, limits }: { readonly head: ExpectedReply; readonly limits: ResultLimits },
  ): void {
    if (this.#withholds || head.mode !== 'relay') return
    if (ENDS_RESULT.has(type)) this.#size.reset()
    // behind the rows of a binary COPY stands a trailer
    if (type === COPY_OUT_RESPONSE) this.#size.reset(decodeFrame(CopyOutResponse, this.#decoder).format)
    if (type !== DATA_ROW && type !== COPY_DATA) return
    const { start, end, remaining } = this.#decoder
    const limit = this.#size.add(end - start + remaining, limits)
    if (limit === null) return
    this.flushRun()
    this.#withholds = true
    this.#host.lessee?.overran?.(limit, head)
  }

  /** The client gets an error for it: what it would not expect behind one must not happen. */
  #withhold(type: number, head: ExpectedReply): void {
    if (type === COPY_IN_RESPONSE) throw new Error('rows are asked for behind a result that was too large')
    if (type === COMMAND_COMPLETE && head.origin !== null && this.#host.lessee?.statementOf(head.origin))
      throw new Error('a statement that changes the session has completed behind a result that was too large')
    if (((MAY_END[type] ?? 0) & head.request) === 0) return
    this.#settle('completed')
    if (this.#replies.head?.request !== Request.Sync)
      throw new Error('statements have run behind a result that was too large')
  }

  /** False where the message goes on as it is, with the run that it stands in. */
  #commandCompleted(head: ExpectedReply): boolean {
    const lessee = this.#host.lessee
    if (head.mode === 'swallow')
      head.origin?.answered?.(decodeFrame(CommandComplete, this.#decoder).commandTag)
    if (head.mode !== 'relay' || head.origin === null || lessee === null) return false
    const statement = lessee.statementOf(head.origin)
    if (statement === null) return false
    this.flushRun()
    lessee.commandComplete(this.#decoder, statement)
    return true
  }

  /** What it does beside its rows it has done. */
  #suspended({ mode, origin }: ExpectedReply): void {
    const statement = mode === 'relay' ? (origin?.completes() ?? null) : null
    if (statement !== null) this.#host.lessee?.suspended?.(statement)
  }

  /** Fails closed: where nobody knows what the rows have to go through, none is sent. */
  #startCopy(head: ExpectedReply): void {
    const lessee = this.#host.lessee
    if (head.mode !== 'relay' || head.origin === null || lessee?.copyIn === undefined)
      throw new Error('the server asks for rows that nobody has')
    this.flushRun()
    lessee.copyIn(this.#decoder, head.origin)
    // the server would take what stands behind for part of the COPY, or not, as it fails sooner or later
    if (this.#replies.length > 1) throw new Error('messages were sent behind a COPY')
  }

  #handleOther(type: number, head: ExpectedReply | undefined): void {
    const handle = OTHER.get(type)
    if (handle === undefined)
      throw new Error(`the server sent ${messageName('backend', type) ?? type} out of turn`)
    this.flushRun()
    handle(this, head)
  }

  notice(head: ExpectedReply | undefined): void {
    this.#host.lessee?.notice(this.#decoder, head)
  }

  parameterStatus(head: ExpectedReply | undefined): void {
    const { parameter, value } = decodeFrame(ParameterStatus, this.#decoder)
    this.#host.parameterChanged(parameter, value)
    this.#host.lessee?.parameterStatus(this.#decoder, head)
  }

  notification(): void {
    this.#host.lessee?.notification?.(this.#decoder)
  }

  error(head: ExpectedReply | undefined): void {
    this.#host.lessee?.error(this.#decoder, head)
    this.#withholds = false
    // nothing is left of a connection that ends with it
    if (head === undefined || this.#replies.head !== head) return
    // these end with the ReadyForQuery that follows
    if (head.request === Request.Query || head.request === Request.Sync) this.#headFailed = true
    else this.#replies.failToSync()
    this.answerSynthetic()
  }

  #ready(head: ExpectedReply | undefined): void {
    if (head === undefined || (head.request !== Request.Query && head.request !== Request.Sync))
      throw new Error('the server sent ReadyForQuery out of turn')
    const status = statusOf(this.#decoder)
    if (this.#withholds) this.#endWithholding(head, status)
    else this.#passOn(head)
    this.flushRun()
    this.#size.reset()
    // the lessee may have given the connection up
    if (this.#replies.head !== head) return
    const outcome = this.#headFailed ? 'failed' : 'completed'
    this.#headFailed = false
    this.#settle(outcome)
    this.#host.lessee?.ready(status)
    this.#host.cycleEnded(status)
  }

  #endWithholding({ mode }: ExpectedReply, status: TransactionStatus): void {
    this.#withholds = false
    if (mode !== 'relay') throw new Error('a pipeline was ended behind a result that was too large')
    this.#host.lessee?.endedBefore?.(status)
  }

  #settle(outcome: 'completed' | 'failed'): void {
    this.#replies.settleHead(outcome)
    if (this.#replies.head?.request === Request.Synthetic) this.answerSynthetic()
  }

  /** The current frame, or part of one, goes to the client if its request was the client's. */
  #passOn(head: ExpectedReply | undefined): void {
    invariant(head !== undefined, 'an answer has its request')
    if (head.mode !== 'relay') return
    const { bytes, start, end } = this.#decoder
    if (bytes !== this.#runBytes || start !== this.#runEnd) {
      this.flushRun()
      this.#runBytes = bytes
      this.#runStart = start
    }
    this.#runEnd = end
    this.isMidMessage = this.#decoder.remaining > 0
  }

  /** The run that has been gathered goes to the lessee. */
  flushRun(): void {
    if (this.#runBytes === NOTHING) return
    const run = this.#runBytes.subarray(this.#runStart, this.#runEnd)
    this.#runBytes = NOTHING
    this.#runEnd = 0
    this.#host.lessee?.relay(run)
  }
}

/** The body is one byte. */
function statusOf(frame: Frame): TransactionStatus {
  const isWhole = frame.end - frame.start === HEADER_BYTES + 1
  const status = isWhole ? STATUSES[frame.bytes[frame.start + HEADER_BYTES] ?? 0] : undefined
  return status ?? decodeFrame(ReadyForQuery, frame).status
}

function maskOf(key: 'to' | 'ends'): Uint8Array {
  const mask = new Uint8Array(256)
  for (const [tag, answer] of Object.entries(ANSWERS)) mask[tag.charCodeAt(0)] = answer[key]
  return mask
}
