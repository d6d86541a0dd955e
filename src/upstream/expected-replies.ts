import type { CompiledStatement, CompiledText, CopyIn } from '../sql/compiled.js'

/** What was asked of the server; bits, so that one mask says which requests a message may answer. */
export const Request = {
  Query: 1,
  Parse: 2,
  Bind: 4,
  Describe: 8,
  Execute: 16,
  Close: 32,
  Sync: 64,
  /** Nothing was asked: the gateway answers itself, when its turn comes. */
  Synthetic: 128,
} as const

/** One of `Request`. */
export type RequestBit = (typeof Request)[keyof typeof Request]

/** relay: to the client; swallow: a request of ours, answered to nobody; substitute: its error becomes `bytes`. */
export type ReplyMode = 'relay' | 'swallow' | 'substitute'

/** failed: the server answered with an error; abandoned: it skipped the request because of an earlier one. */
export type Outcome = 'completed' | 'failed' | 'abandoned'

/** A COPY … FROM STDIN under way; `text` is the client's. */
export interface Copying {
  readonly copyIn: CopyIn
  readonly text: Buffer
}

/** What whoever asked knows about a request. */
export interface Origin {
  /** The text that positions in errors refer to. */
  readonly text: CompiledText | null
  /** What the client calls the prepared statement it is about; null where it is about none. */
  readonly statement: string | null
  /** The statement that a CommandComplete ends or a PortalSuspended interrupts; null where nobody needs to know. Called once for each. */
  completes(): CompiledStatement | null
  /** The COPY … FROM STDIN that runs now; null where it is another statement. */
  copying?(): Copying | null
  /** The text that runs, as the client wrote it; null where nobody knows. */
  written?(): Buffer | null
  /** A statement of the gateway's own has completed, where its origin wants to know. */
  answered?(commandTag: string): void
  /** Called exactly once. */
  settled(outcome: Outcome): void
}

/** One request's reply sequence, awaited; may stand in the queue several times if it has no origin. */
export class ExpectedReply {
  readonly request: RequestBit
  readonly mode: ReplyMode
  readonly origin: Origin | null
  /** What the client gets instead of the server's answer. */
  readonly bytes: Buffer | null

  constructor(
    request: RequestBit,
    mode: ReplyMode,
    origin: Origin | null = null,
    bytes: Buffer | null = null,
  ) {
    this.request = request
    this.mode = mode
    this.origin = origin
    this.bytes = bytes
  }
}

/**
 * The replies that one server connection still owes, in order: the connection's whole state beside its settings.
 *
 * After an error of the extended protocol the server reads on to the next Sync, and so does this queue.
 */
export class ExpectedReplies {
  #replies: (ExpectedReply | undefined)[] = []
  #first = 0
  /** The server is skipping, and no Sync has been sent yet. */
  #skips = false

  get length(): number {
    return this.#replies.length - this.#first
  }

  get head(): ExpectedReply | undefined {
    return this.#replies[this.#first]
  }

  /** Whether the server would skip everything but a Sync. */
  get skips(): boolean {
    return this.#skips
  }

  push(reply: ExpectedReply): void {
    if (this.#skips && reply.request !== Request.Sync) {
      reply.origin?.settled('abandoned')
      return
    }
    this.#skips = false
    this.#replies.push(reply)
  }

  /** Takes the head off; its origin is told. */
  settleHead(outcome: Outcome): void {
    const reply = this.#replies[this.#first]
    this.#replies[this.#first] = undefined
    this.#first += 1
    if (this.#first === this.#replies.length) this.#empty()
    else if (this.#first > 256) this.#compact()
    reply?.origin?.settled(outcome)
  }

  /** The head failed in the extended protocol: it and all before the next Sync are over. */
  failToSync(): void {
    let next = this.#first + 1
    while (next < this.#replies.length && this.#replies[next]?.request !== Request.Sync) next += 1
    const [failed, ...skipped] = this.#replies.slice(this.#first, next)
    this.#first = next
    this.#skips = next === this.#replies.length
    if (this.#skips) this.#empty()
    // the latest first, so that each one finds what it changed as it left it
    for (const reply of skipped.reverse()) reply?.origin?.settled('abandoned')
    failed?.origin?.settled('failed')
  }

  /** The connection is gone; gives what it owed. */
  abandonAll(): readonly ExpectedReply[] {
    const replies = this.#replies.slice(this.#first).filter((reply) => reply !== undefined)
    this.#empty()
    for (const reply of replies.toReversed()) reply.origin?.settled('abandoned')
    return replies
  }

  #empty(): void {
    this.#replies.length = 0
    this.#first = 0
  }

  #compact(): void {
    this.#replies = this.#replies.slice(this.#first)
    this.#first = 0
  }
}
