import { createClient } from '@redis/client'
import type { Logger } from 'pino'
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible'
import type { Configuration } from '../config/schema.js'
import type { Borrow } from '../limits/borrowed-tokens.js'
import type { Loan } from '../limits/rate-limits.js'

/** Statements in a second, counted for several machines. */
export interface RateStore {
  readonly borrow: Borrow
  close(): void
}

/** What a statement waits for an answer at most, before the machine counts for itself. */
const ANSWER_MS = 500

/**
 * Counts in Redis; null where the configuration names none.
 *
 * Windows of a second each, from the first statement on. As long as the store can't be reached the machine counts for itself.
 */
export function openRateStore({ limitStore }: Configuration, logger: Logger): RateStore | null {
  if (limitStore.redis === null) return null
  const client = createClient({
    url: limitStore.redis,
    // what waits for a connection would come when nobody waits for it any more
    disableOfflineQueue: true,
    commandOptions: { timeout: ANSWER_MS },
    socket: { connectTimeout: 5_000, reconnectStrategy: (retries) => Math.min(2_000, 50 * 2 ** retries) },
  })
  client.on('error', (err) =>
    logger.warn({ err }, 'the limit store could not be reached; this machine counts for itself'),
  )
  void client.connect().catch(() => {})
  const limiters = new Map<number, RateLimiterRedis>()
  const limiterOf = (perSecond: number): RateLimiterRedis => {
    const known = limiters.get(perSecond)
    if (known !== undefined) return known
    const window = windowOf(perSecond)
    const limiter = new RateLimiterRedis({
      storeClient: client,
      useRedisPackage: true,
      keyPrefix: `${limitStore.prefix}${perSecond}`,
      ...window,
      // spares a question to which the answer is known
      inMemoryBlockOnConsumed: window.points,
      insuranceLimiter: new RateLimiterMemory(window),
    })
    limiters.set(perSecond, limiter)
    return limiter
  }
  return {
    borrow: (account, perSecond, wanted) => consume(limiterOf(perSecond), account, wanted),
    close: () => client.destroy(),
  }
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
