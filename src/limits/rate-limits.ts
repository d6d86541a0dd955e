import { SweptMap } from './swept-map.js'
import { TokenBucket } from './token-bucket.js'

/** What there was of the tokens that somebody asked for. */
export interface Loan {
  readonly granted: number
  /** Where none were: when asking again may help. Units: ms. */
  readonly waitMs: number
}

/** The accounts' rates: one bucket each, made anew when the account's limit changes. */
export class RateLimits {
  readonly #nowMs: () => number
  readonly #buckets: SweptMap<TokenBucket>

  /** Units: ms that never go back. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
    this.#buckets = new SweptMap((bucket) => bucket.isFull(nowMs()))
  }

  /** Units: `perSecond` is above 0. */
  take(account: string, perSecond: number, wanted: number): Loan {
    const nowMs = this.#nowMs()
    let bucket = this.#buckets.get(account)
    if (bucket === undefined || bucket.perSecond !== perSecond) {
      bucket = new TokenBucket(perSecond, nowMs)
      this.#buckets.set(account, bucket)
    }
    const granted = bucket.take(nowMs, wanted)
    return { granted, waitMs: granted > 0 ? 0 : bucket.waitMs }
  }

  /** The account has no limit now. */
  forget(account: string): void {
    if (this.#buckets.size > 0) this.#buckets.delete(account)
  }
}
