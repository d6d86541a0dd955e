import type { Logger } from 'pino'
import type { Metrics } from '../metrics/metrics.js'
import type { OperatorConnectionsOptions } from '../upstream/operator-connections.js'

/** Where a process says what happens in it. */
export interface Reporting {
  readonly metrics: Metrics
  readonly logger: Logger
}

export function connectionObserver({ metrics, logger }: Reporting): OperatorConnectionsOptions['observer'] {
  return {
    connected: (outcome, error) => {
      metrics.upstreamConnect(outcome)
      if (outcome === 'failed') logger.error({ err: error }, 'no connection to the database server')
    },
    lost: (cause) => {
      metrics.upstreamLost()
      logger.warn({ err: cause }, 'a connection to the database server was lost')
    },
  }
}
