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

  /** Takes as many tokens as there are, up to `wanted`; gives how many. */
  take(nowMs: number, wanted = 1): number {
    this.#tokens = Math.min(capacity(this.perSecond), this.#tokens + this.#gained(nowMs))
    this.#sinceMs = nowMs
    const granted = Math.min(wanted, Math.floor(this.#tokens))
    this.#tokens -= granted
    return granted
  }

  /** Whether a new one would be the same. */
  isFull(nowMs: number): boolean {
    return this.#tokens + this.#gained(nowMs) >= capacity(this.perSecond)
  }

  /** From the last `take` on until there is one again; 0 where there is. Units: ms. */
  get waitMs(): number {
    return Math.max(0, Math.ceil(((1 - this.#tokens) / this.perSecond) * 1_000))
  }

  #gained(nowMs: number): number {
    return (Math.max(0, nowMs - this.#sinceMs) / 1_000) * this.perSecond
  }
}

/** One at least: a rate below one a second is still a rate. */
function capacity(perSecond: number): number {
  return Math.max(1, perSecond)
}
