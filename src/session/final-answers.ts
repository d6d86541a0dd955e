import type { Effect } from '../sql/compiled.js'
import { type ExpectedReply, Request } from '../upstream/expected-replies.js'
import { ReadyForQuery } from '../wire/messages/ready-for-query.js'

const READY = { I: ReadyForQuery.encode({ status: 'I' }), E: ReadyForQuery.encode({ status: 'E' }) }

/** ReadyForQuery, in the place of a server. */
export function readyForQuery(isInFailedTransaction: boolean): Buffer {
  return isInFailedTransaction ? READY.E : READY.I
}

/** Answers what a server owed, and won't answer any more: each cycle with one error, and an end if it has got one. */
export class FinalAnswers {
  /** A transaction is open, for the client: it has failed. */
  isOpen: boolean
  /** The last cycle has its error, and hasn't ended. */
  isUnended = false
  readonly #error: Buffer
  readonly #write: (bytes: Buffer) => void
  readonly #effects = new CycleEffects()

  constructor(error: Buffer, { isOpen, write }: { isOpen: boolean; write: (bytes: Buffer) => void }) {
    this.#error = error
    this.isOpen = isOpen
    this.#write = write
  }

  answer(reply: ExpectedReply): void {
    this.#effects.add(reply)
    if (reply.mode === 'swallow' || reply.request === Request.Synthetic) return
    this.fail(reply.mode === 'substitute' ? reply.bytes : null)
    if ((reply.request & (Request.Query | Request.Sync)) !== 0) this.end()
  }

  /** `own` is what the client gets in the place of the error. */
  fail(own: Buffer | null = null): void {
    if (!this.isUnended) this.#write(own ?? this.#error)
    this.isUnended = true
  }

  end(): void {
    this.isOpen = this.#effects.leaveOpen(this.isOpen)
    this.isUnended = false
    this.#write(readyForQuery(this.isOpen))
  }
}

/** What the statements of one cycle do to the transaction. */
class CycleEffects {
  #effects: Effect[] = []
  /** Of the text that the next Execute runs, where its portal isn't known yet. */
  #bound: readonly Effect[] = []

  add({ request, origin }: ExpectedReply): void {
    const own = origin?.text?.statements.flatMap(({ effects }) => effects) ?? []
    if (request === Request.Bind) this.#bound = own
    else if (request === Request.Query) this.#effects.push(...own)
    else if (request === Request.Execute) this.#effects.push(...(own.length > 0 ? own : this.#bound))
  }

  /** Whether a transaction would be open behind them. */
  leaveOpen(isOpen: boolean): boolean {
    let open = isOpen
    for (const { kind } of this.#effects) {
      if (kind === 'begin') open = true
      if (kind === 'commit' || kind === 'rollback') open = false
    }
    this.#effects = []
    return open
  }
}
