import type { Configuration } from '../config/schema.js'

/**
 * A worker's own configuration: of the server connections, which each worker counts for itself, it has its part.
 *
 * A tenant's part is rounded up, so that the tenant isn't cut short where all its clients are in one process.
 */
export function workerShare(configuration: Configuration): Configuration {
  const { upstream, workers } = configuration
  const { max, perTenant } = upstream.pool
  const pool = {
    ...upstream.pool,
    max: Math.floor(max / workers),
    perTenant: Math.ceil(perTenant / workers),
  }
  return { ...configuration, upstream: { ...upstream, pool } }
}
