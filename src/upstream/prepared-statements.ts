import type { CompiledText } from '../sql/compiled.js'
import type { Origin, Outcome } from './expected-replies.js'

/** What is known about a name: ready to use; unsure whether the server has it; absent. */
export type PreparedState = 'ready' | 'unsure' | 'absent'

/** In no cycle: nothing may rely on it. */
const NO_CYCLE = -1

/** A Parse that was sent; told how it ended. */
export class Preparation implements Origin {
  readonly text: CompiledText | null
  readonly statement: string | null
  #cycle: number
  #confirmed = false

  /** `cycle`: the one (up to a Sync) in which it was sent. */
  constructor(cycle: number, text: CompiledText | null = null, statement: string | null = null) {
    this.#cycle = cycle
    this.text = text
    this.statement = statement
  }

  /**
   * Within its own cycle it counts as done: if it fails, the server skips what relies on it.
   * A later cycle can't rely on it before the answer is there.
   */
  isReadyIn(cycle: number): boolean {
    return this.#confirmed || this.#cycle === cycle
  }

  completes(): null {
    return null
  }

  settled(outcome: Outcome): void {
    this.#confirmed = outcome === 'completed'
    if (!this.#confirmed) this.#cycle = NO_CYCLE
  }
}

/** The prepared statements that one server connection holds, least recently used first. */
export class PreparedStatements {
  readonly #byName = new Map<string, Preparation>()
  /** Names whose Close is on its way, and how many are. */
  readonly #closing = new Map<string, number>()
  readonly #capacity: number
  /** The most recently used, which is the last already. */
  #latest = ''

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  state(name: string, cycle: number): PreparedState {
    const preparation = this.#byName.get(name)
    if (preparation === undefined) return this.#closing.has(name) ? 'unsure' : 'absent'
    if (name !== this.#latest) this.#putLast(name, preparation)
    return preparation.isReadyIn(cycle) ? 'ready' : 'unsure'
  }

  add(name: string, preparation: Preparation): void {
    this.#putLast(name, preparation)
  }

  #putLast(name: string, preparation: Preparation): void {
    this.#byName.delete(name)
    this.#byName.set(name, preparation)
    this.#latest = name
  }

  /** A Close is sent; until its answer nobody knows. */
  close(name: string): void {
    this.#closing.set(name, (this.#closing.get(name) ?? 0) + 1)
  }

  /** The answer to a Close. */
  closed(name: string, outcome: Outcome): void {
    const left = (this.#closing.get(name) ?? 1) - 1
    if (left === 0) this.#closing.delete(name)
    else this.#closing.set(name, left)
    // the server skipped it: the statement may still be there
    if (outcome !== 'completed' && !this.#byName.has(name)) this.#putLast(name, new Preparation(NO_CYCLE))
  }

  /** A name that is one too many; it is forgotten here and must be closed on the server. */
  evict(): string | null {
    if (this.#byName.size <= this.#capacity) return null
    const [oldest] = this.#byName.keys()
    if (oldest === undefined) return null
    this.#byName.delete(oldest)
    return oldest
  }

  clear(): void {
    this.#byName.clear()
  }

  get size(): number {
    return this.#byName.size
  }
}
