import { type Logger, pino } from 'pino'
import { startAdmin } from './admin/server.js'
import type { ThreadEntry } from './compiling/compile-worker.js'
import { type Closing, opened } from './composition/closing.js'
import { openFoundation } from './composition/foundation.js'
import { openServing } from './composition/serving.js'
import { openTls } from './composition/tls.js'
import { needRestart } from './config/need-restart.js'
import type { Configuration } from './config/schema.js'
import { createMetrics } from './metrics/metrics.js'
import { loadParser } from './sql/parser.js'

/** A gateway that runs. */
export interface Gateway {
  readonly port: number
  /** Null where the configuration wants no admin port. */
  readonly adminPort: number | null
  /** Resolves when every change of tenants, logins and schema that was committed before is in force. */
  refresh(): Promise<void>
  /**
   * Takes over policy and limits, and what the files of certificates and keys hold now, without dropping a session.
   *
   * What else has changed is in force after a restart, and logged.
   */
  reload(configuration: Configuration): Promise<void>
  /**
   * Accepts no more clients, lets transactions that run come to their end, and ends everything.
   *
   * May be called again while it is under way, to give them less time; 2,000 ms unless told otherwise.
   */
  stop(graceMs?: number): Promise<void>
}

export interface GatewayOverrides {
  /** Where the log goes; standard error unless told otherwise. */
  readonly logger?: Logger
  /** What the threads run that compile large statements, where it isn't the compiled code beside this one. */
  readonly compileThread?: ThreadEntry
}

const GRACE_MS = 2_000

/** Builds the gateway from its configuration and starts it. Throws where a part of it can't be had. */
export function startGateway(
  configuration: Configuration,
  overrides: GatewayOverrides = {},
): Promise<Gateway> {
  const logger = overrides.logger ?? pino({ name: 'tenantgate' }, pino.destination(2))
  return opened((closing) => start({ configuration, overrides, logger }, closing))
}

interface Starting {
  readonly configuration: Configuration
  readonly overrides: GatewayOverrides
  readonly logger: Logger
}

async function start({ configuration, overrides, logger }: Starting, closing: Closing): Promise<Gateway> {
  const tls = await openTls(configuration, logger, closing)
  await loadParser()
  const foundation = await openFoundation(configuration, logger)
  closing.add(() => foundation.close())
  const metrics = createMetrics({ process: true })
  const { compileThread } = overrides
  const serving = await openServing({ configuration, tls, foundation, metrics, logger, compileThread })
  closing.add(() => serving.stop(GRACE_MS))
  const { admin } = configuration
  const server =
    admin.port === null
      ? null
      : await startAdmin({
          host: admin.host,
          port: admin.port,
          tokens: admin.tokens,
          metrics,
          checks: [{ name: 'upstream', failure: () => serving.failure }],
        })
  if (server !== null) closing.add(() => server.stop())
  return {
    port: serving.port,
    adminPort: server?.port ?? null,
    refresh: () => foundation.controlPlane.refresh(),
    reload: async (next) => {
      const keys = needRestart(configuration, next)
      if (keys.length > 0) logger.warn({ keys }, 'these keys are taken over at the next start')
      foundation.reload(next)
      await serving.reloadCertificates()
    },
    stop: async (graceMs = GRACE_MS) => {
      await serving.stop(graceMs)
      await closing.run()
    },
  }
}
