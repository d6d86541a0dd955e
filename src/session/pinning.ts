import type { SessionMetrics } from '../metrics/metrics.js'
import type { Effect } from '../sql/compiled.js'
import type { TransactionStatus } from '../wire/messages/ready-for-query.js'
import { HeldState } from './held-state.js'

/** Whether a session's server connection stays its own between transactions, and what becomes of it afterwards. */
export class Pinning {
  readonly held = new HeldState()
  readonly #always: boolean
  readonly #metrics: SessionMetrics
  #isPinned = false
  #isUsed = false

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
    return this.#always || this.#isUsed
  }

  /** Something is about to be held whatever becomes of the statement: a lock outlives its error. */
  hold(effects: readonly Effect[]): void {
    this.held.apply(effects, '')
    this.#isUsed = true
  }

  completed(effects: readonly Effect[], tag: string): void {
    if (effects.length === 0) return
    this.held.apply(effects, tag)
    if (!this.held.isEmpty) this.#isUsed = true
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
