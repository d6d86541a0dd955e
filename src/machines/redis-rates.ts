import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible'
import type { Borrow } from '../limits/borrowed-tokens.js'
import type { Loan } from '../limits/rate-limits.js'
import type { LimitClient } from './limit-store.js'

/**
 * Statements in a second, counted in Redis: windows of a second each, from the first statement on.
 *
 * As long as the store can't be reached the machine counts for itself.
 */
export function redisRates(client: LimitClient, prefix: string): Borrow {
  const limiters = new Map<number, RateLimiterRedis>()
  const limiterOf = (perSecond: number): RateLimiterRedis => {
    const known = limiters.get(perSecond)
    if (known !== undefined) return known
    const window = windowOf(perSecond)
    const limiter = new RateLimiterRedis({
      storeClient: client,
      useRedisPackage: true,
      keyPrefix: `${prefix}${perSecond}`,
      ...window,
      // spares a question to which the answer is known
      inMemoryBlockOnConsumed: window.points,
      insuranceLimiter: new RateLimiterMemory(window),
    })
    limiters.set(perSecond, limiter)
    return limiter
  }
  return (account, perSecond, wanted) => consume(limiterOf(perSecond), account, wanted)
}

/** A window that holds one statement at least. Units: s. */
function windowOf(perSecond: number): { readonly points: number; readonly duration: number } {
  if (perSecond < 1) return { points: 1, duration: Math.ceil(1 / perSecond) }
  return { points: Math.floor(perSecond), duration: 1 }
}

async function consume(limiter: RateLimiterRedis, account: string, wanted: number): Promise<Loan> {
  try {
    await limiter.consume(account, wanted)
    return { granted: wanted, waitMs: 0 }
  } catch (refusal) {
    // an Error is none of the store, which the insurance stands in for: nobody is let through by what nobody thought of
    const { msBeforeNext } = refusal as Partial<RateLimiterRes>
    return { granted: 0, waitMs: msBeforeNext ?? 1_000 }
  }
}
