/** Lets through so many in a second on average, and as many at once after a pause. */
export class TokenBucket {
  readonly perSecond: number
  #tokens: number
  #sinceMs: number

  constructor(perSecond: number, nowMs: number) {
    this.perSecond = perSecond
    this.#tokens = capacity(perSecond)
    this.#sinceMs = nowMs
  }

  /** Takes one token; false where there is none. */
  take(nowMs: number): boolean {
    const gained = (Math.max(0, nowMs - this.#sinceMs) / 1_000) * this.perSecond
    this.#tokens = Math.min(capacity(this.perSecond), this.#tokens + gained)
    this.#sinceMs = nowMs
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}

/** One at least: a rate below one a second is still a rate. */
function capacity(perSecond: number): number {
  return Math.max(1, perSecond)
}
