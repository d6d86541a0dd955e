import type { Origin, Outcome } from '../../upstream/expected-replies.js'
import type { Run } from './run.js'

/** A name that stands for something, or for nothing any more. */
interface Change {
  readonly name: string
  readonly now: Run | null
  readonly before: Run | undefined
  /** Of the server connection, when it was sent. */
  readonly cycle: number
}

/**
 * What an operator's names of prepared statements or of portals stand for, so that each execution is written down as what it runs.
 *
 * A change is in force at once for what follows it in its cycle, and undone if the server never made it.
 */
export class Names {
  readonly #runs = new Map<string, Run>()
  readonly #pending = new Map<string, Change>()

  get(name: string): Run | undefined {
    return this.#runs.get(name)
  }

  /** False where a change of an earlier cycle isn't answered yet: it may still turn out not to have been made. */
  isSettled(name: string, cycle: number): boolean {
    const pending = this.#pending.get(name)
    return pending === undefined || pending.cycle === cycle
  }

  /** `now` null: the name is given up. To be told how the server took it. */
  change(name: string, now: Run | null, cycle: number): Origin {
    const change: Change = { name, now, before: this.#runs.get(name), cycle }
    this.#pending.set(name, change)
    this.#put(name, now ?? undefined)
    return {
      text: null,
      statement: null,
      completes: () => null,
      settled: (outcome) => this.#settle(change, outcome),
    }
  }

  /** Given up without a message of the protocol's. */
  forget(names: readonly string[] | 'all'): void {
    if (names === 'all') this.#runs.clear()
    else for (const name of names) this.#runs.delete(name)
  }

  #settle(change: Change, outcome: Outcome): void {
    if (this.#pending.get(change.name) === change) this.#pending.delete(change.name)
    if (outcome === 'completed' || this.#runs.get(change.name) !== (change.now ?? undefined)) return
    this.#put(change.name, change.before)
  }

  #put(name: string, run: Run | undefined): void {
    if (run === undefined) this.#runs.delete(name)
    else this.#runs.set(name, run)
  }
}
