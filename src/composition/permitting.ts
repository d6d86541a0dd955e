import type { Configuration } from '../config/schema.js'
import { PermittedPool, type PermittedPoolOptions } from '../upstream/permitted-pool.js'
import type { OpenPool } from './foundation.js'

/** Whether no other machine counts what this one does. */
export function countsAlone({ limitStore }: Configuration): boolean {
  return limitStore.redis === null
}

/** A pool whose leases others count as well. */
export function permittedPool(
  open: OpenPool,
  { upstream }: Configuration,
  counting: Pick<PermittedPoolOptions, 'permits' | 'uncounted'>,
): PermittedPool {
  const { queueTimeoutMs } = upstream.pool
  const permitted: PermittedPool = new PermittedPool({
    pool: open((connection) => permitted.leaseEnded(connection)),
    queueTimeoutMs,
    ...counting,
  })
  return permitted
}
