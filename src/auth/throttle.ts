import type { Clock } from '../core/clock.js'

export interface ThrottleOptions {
  readonly clock: Clock
  /** Failures that cost nothing: people mistype. */
  readonly freeFailures?: number
  /** Delay after the first failure that counts; each further one doubles it. */
  readonly firstDelayMs?: number
  readonly maxDelayMs?: number
  /** Pairs of login and address that are remembered; the one that failed longest ago is forgotten first. */
  readonly maxEntries?: number
}

interface Failures {
  readonly count: number
  /** Monotonic. */
  readonly lastMs: number
}

/**
 * Slows down guessing: failed logins per login and address, each one doubling the time until the next is looked at.
 *
 * By the pair, so that nobody locks out somebody else's login from elsewhere. A pair is forgotten by success, or after
 * twice the longest delay without failure. Unknown logins count like known ones.
 */
export class Throttle {
  readonly #clock: Clock
  readonly #freeFailures: number
  readonly #firstDelayMs: number
  readonly #maxDelayMs: number
  readonly #maxEntries: number
  /** Ordered by the last failure, the oldest first. */
  readonly #failures = new Map<string, Failures>()

  constructor(options: ThrottleOptions) {
    this.#clock = options.clock
    this.#freeFailures = options.freeFailures ?? 3
    this.#firstDelayMs = options.firstDelayMs ?? 250
    this.#maxDelayMs = options.maxDelayMs ?? 60_000
    this.#maxEntries = options.maxEntries ?? 10_000
  }

  /** Milliseconds until an attempt may be looked at; 0: now. */
  waitMs(login: string, address: string): number {
    const failures = this.#current(keyOf(login, address))
    if (failures === undefined) return 0
    return Math.max(0, failures.lastMs + this.#delayMs(failures.count) - this.#clock.monotonicMs())
  }

  failed(login: string, address: string): void {
    const key = keyOf(login, address)
    const count = (this.#current(key)?.count ?? 0) + 1
    this.#failures.delete(key)
    this.#failures.set(key, { count, lastMs: this.#clock.monotonicMs() })
    this.#forgetOldest()
  }

  succeeded(login: string, address: string): void {
    this.#failures.delete(keyOf(login, address))
  }

  remembers(login: string, address: string): boolean {
    return this.#failures.has(keyOf(login, address))
  }

  /** Pairs that are remembered. */
  get size(): number {
    return this.#failures.size
  }

  #current(key: string): Failures | undefined {
    const failures = this.#failures.get(key)
    if (failures === undefined || !this.#isOver(failures)) return failures
    this.#failures.delete(key)
    return undefined
  }

  #isOver(failures: Failures): boolean {
    return this.#clock.monotonicMs() - failures.lastMs > 2 * this.#maxDelayMs
  }

  #delayMs(count: number): number {
    const counted = count - this.#freeFailures
    return counted <= 0 ? 0 : Math.min(this.#maxDelayMs, this.#firstDelayMs * 2 ** (counted - 1))
  }

  #forgetOldest(): void {
    for (const [key, failures] of this.#failures) {
      if (this.#failures.size <= this.#maxEntries && !this.#isOver(failures)) return
      this.#failures.delete(key)
    }
  }
}

/** A NUL can't stand in either part: the startup packet ends strings with it. */
function keyOf(login: string, address: string): string {
  return `${login}\0${address}`
}
