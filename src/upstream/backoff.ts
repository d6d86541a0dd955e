const FIRST_MS = 100
const LONGEST_MS = 2_000

/** How long to wait before the next attempt: twice as long after each failure, and never all at the same moment. */
export class Backoff {
  #failures = 0

  /** Units: ms. `random` is at least 0 and less than 1. */
  failed(random = Math.random()): number {
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(this.#failures, 30))
    this.#failures += 1
    return longest * (0.5 + random / 2)
  }

  succeeded(): void {
    this.#failures = 0
  }
}
