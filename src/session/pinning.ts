import type { SessionMetrics } from '../metrics/metrics.js'
import type { CompiledText, Effect } from '../sql/compiled.js'
import type { TransactionStatus } from '../wire/messages/ready-for-query.js'
import { HeldState } from './held-state.js'

const GAVE_BACK: readonly Effect[] = [{ kind: 'let-go', held: 'lock', name: null }]

/** Whether a session's server connection stays its own between transactions, and what becomes of it afterwards. */
export class Pinning {
  readonly held = new HeldState()
  readonly #always: boolean
  readonly #metrics: SessionMetrics
  #isPinned = false
  #isUsed = false
  /** Counts the texts that were sent and may take or give back locks. */
  #lockTexts = 0
  /** How many of them the server had got when it was asked what locks there are. */
  #askedAfter = 0

  /** `always`: session pooling. */
  constructor(always: boolean, metrics: SessionMetrics) {
    this.#always = always
    this.#metrics = metrics
  }

  get keeps(): boolean {
    return this.#always || !this.held.isEmpty
  }

  /** A connection that held something may hold what nobody knows of: it isn't given on as it is. */
  get mustDiscard(): boolean {
    return this.#always || this.#isUsed || !this.held.isEmpty
  }

  /** Whether the server has to be asked if there are locks left, since nothing else keeps the connection. */
  get mustAskForLocks(): boolean {
    return !this.#always && this.#askedAfter !== this.#lockTexts && this.held.holdsOnly('lock')
  }

  /**
   * A text is about to be sent. A lock is held from then on, whatever becomes of the statement: it outlives its error. If it
   * is held at all, the server will say.
   */
  sending(text: CompiledText): void {
    for (const { effects } of text.statements) {
      for (const effect of effects) if (isOfLocks(effect)) this.#sendingLock(effect)
    }
  }

  #sendingLock(effect: Effect): void {
    if (effect.kind === 'hold') this.held.apply([effect], '')
    if (this.held.has('lock', '')) this.#lockTexts += 1
  }

  /** The server is being asked for locks. Gives what `locksAreGone` wants to know. */
  askedForLocks(): number {
    this.#askedAfter = this.#lockTexts
    return this.#lockTexts
  }

  /** There was no lock when the server was asked; texts that were sent since may have taken some. */
  locksAreGone(askedAfter: number): void {
    if (askedAfter === this.#lockTexts) this.held.apply(GAVE_BACK, '')
  }

  completed(effects: readonly Effect[], tag: string): void {
    if (effects.length === 0) return
    for (const effect of effects) if (!isOfLocks(effect)) this.held.apply([effect], tag)
    if (!this.held.isEmpty && !this.held.holdsOnly('lock')) this.#isUsed = true
  }

  failed(): void {
    this.held.fail()
  }

  ready(status: TransactionStatus): void {
    this.held.ready(status)
    this.#count(!this.held.isEmpty)
  }

  /** The connection isn't the session's any more. */
  released(): void {
    this.held.clear()
    this.#isUsed = false
    this.#count(false)
  }

  #count(isPinned: boolean): void {
    if (isPinned === this.#isPinned) return
    this.#isPinned = isPinned
    if (isPinned) this.#metrics.pinned()
    else this.#metrics.unpinned()
  }
}

function isOfLocks(effect: Effect): boolean {
  return (effect.kind === 'hold' || effect.kind === 'let-go') && effect.held === 'lock'
}
