import { randomUUID } from 'node:crypto'
import { createClient } from '@redis/client'
import type { Logger } from 'pino'
import type { Configuration } from '../config/schema.js'
import type { Borrow } from '../limits/borrowed-tokens.js'
import type { SharedCounts } from '../limits/shared-counts.js'
import { RedisCounts } from './redis-counts.js'
import { redisRates } from './redis-rates.js'

export type LimitClient = ReturnType<typeof limitClient>

/** Where several machines count together what is limited. */
export interface LimitStore {
  readonly borrow: Borrow
  readonly counts: SharedCounts
  /** What was said before still arrives: what this machine had is free for others. */
  close(): Promise<void>
}

/** What anybody waits for an answer at most, before the machine counts for itself. */
const ANSWER_MS = 500

/**
 * Counts in Redis; null where the configuration names none.
 *
 * As long as the store can't be reached the machine counts for itself.
 */
export function openLimitStore({ limitStore }: Configuration, logger: Logger): LimitStore | null {
  if (limitStore.redis === null) return null
  const client = limitClient(limitStore.redis)
  client.on('error', (err) =>
    logger.warn({ err }, 'the limit store could not be reached; this machine counts for itself'),
  )
  void client.connect().catch(() => {})
  const counts = new RedisCounts(client, { prefix: limitStore.prefix, machine: randomUUID() })
  return {
    borrow: redisRates(client, limitStore.prefix),
    counts,
    close: async () => {
      counts.stop()
      await client.close().catch(() => client.destroy())
    },
  }
}

function limitClient(url: string) {
  return createClient({
    url,
    // what waits for a connection would come when nobody waits for it any more
    disableOfflineQueue: true,
    commandOptions: { timeout: ANSWER_MS },
    socket: { connectTimeout: 5_000, reconnectStrategy: (retries) => Math.min(2_000, 50 * 2 ** retries) },
  })
}
