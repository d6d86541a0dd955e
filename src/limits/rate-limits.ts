import { TokenBucket } from './token-bucket.js'

/** The tenants' rates: one bucket each, made anew when the tenant's limit changes. */
export class RateLimits {
  readonly #buckets = new Map<string, TokenBucket>()

  /** Whether one more may go now. Units: `perSecond` 0 is no limit. */
  take(tenant: string, perSecond: number, nowMs: number): boolean {
    if (perSecond === 0) {
      if (this.#buckets.size > 0) this.#buckets.delete(tenant)
      return true
    }
    let bucket = this.#buckets.get(tenant)
    if (bucket === undefined || bucket.perSecond !== perSecond) {
      bucket = new TokenBucket(perSecond, nowMs)
      this.#buckets.set(tenant, bucket)
    }
    return bucket.take(nowMs)
  }
}
