import type { Clock } from '../core/clock.js'

const FIRST_DELAY_MS = 100
const MAX_DELAY_MS = 30_000
/** A process that served this long was sound. */
const SOUND_MS = 10_000

/** When lost processes are replaced: at once, and later and later as long as they don't last. */
export class Respawn {
  readonly #clock: Clock
  readonly #spawn: () => void
  readonly #timers = new Set<NodeJS.Timeout>()
  #delayMs = 0
  #servedAtMs = Number.NEGATIVE_INFINITY

  constructor(clock: Clock, spawn: () => void) {
    this.#clock = clock
    this.#spawn = spawn
    this.#servedAtMs = clock.monotonicMs()
  }

  /** A process is lost, or couldn't be started. */
  lost(): void {
    if (this.#clock.monotonicMs() - this.#servedAtMs > SOUND_MS) this.#delayMs = 0
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#spawn()
    }, this.#delayMs)
    this.#timers.add(timer)
    this.#delayMs = Math.min(MAX_DELAY_MS, Math.max(FIRST_DELAY_MS, 2 * this.#delayMs))
  }

  /** A process that took another's place serves. */
  served(): void {
    this.#servedAtMs = this.#clock.monotonicMs()
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }
}
