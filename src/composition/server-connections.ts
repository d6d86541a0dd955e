import type { Configuration } from '../config/schema.js'
import { SystemClock } from '../core/clock.js'
import { tenantsStartup } from '../upstream/handshake.js'
import { OperatorConnections } from '../upstream/operator-connections.js'
import { Pool } from '../upstream/pool.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import { connectionObserver, type Reporting } from './reporting.js'

const CONNECT_TIMEOUT_MS = 10_000
const PREPARED_STATEMENTS = 256

/** The tenants' server connections. */
export function openPool(
  { upstream, policy }: Configuration,
  reporting: Reporting,
  leaseEnded: (connection: ServerConnection) => void,
): Pool {
  const { metrics } = reporting
  const pool = new Pool({
    target: {
      url: upstream.url,
      settings: tenantsStartup(policy.searchPath),
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
    },
    ...upstream.pool,
    preparedStatements: PREPARED_STATEMENTS,
    clock: SystemClock,
    observer: {
      ...connectionObserver(reporting),
      waited: (seconds) => metrics.leaseWaitSeconds(seconds),
      leaseEnded,
    },
  })
  metrics.watchPool(() => pool.state)
  return pool
}

export function openOperatorConnections(
  { upstream }: Configuration,
  reporting: Reporting,
): OperatorConnections {
  return new OperatorConnections({
    url: upstream.operatorUrl,
    max: upstream.operators.max,
    times: upstream.operators,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    observer: connectionObserver(reporting),
  })
}
