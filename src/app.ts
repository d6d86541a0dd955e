import { type Logger, pino } from 'pino'
import { type AdminOptions, startAdmin } from './admin/server.js'
import { workerShare } from './cluster/worker-share.js'
import { WORKER_ENTRY, Workers } from './cluster/workers.js'
import { type Closing, opened } from './composition/closing.js'
import { openFoundation } from './composition/foundation.js'
import { openServing } from './composition/serving.js'
import { openTls } from './composition/tls.js'
import { needRestart, reloaded } from './config/reloaded.js'
import type { Configuration } from './config/schema.js'
import type { ProgramEntry } from './core/program-entry.js'
import { createMetrics } from './metrics/metrics.js'
import { SummedMetrics } from './metrics/summed-metrics.js'
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
  /** Replaces each worker process by a new one, so that clients can connect all the time; one process alone stays. */
  replaceWorkers(): Promise<void>
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
  readonly compileThread?: ProgramEntry
  /** What worker processes run, where it isn't the compiled code beside this one. */
  readonly worker?: ProgramEntry
}

const GRACE_MS = 2_000

/** Builds the gateway from its configuration and starts it. Throws where a part of it can't be had. */
export function startGateway(
  configuration: Configuration,
  overrides: GatewayOverrides = {},
): Promise<Gateway> {
  const logger = overrides.logger ?? pino({ name: 'tenantgate' }, pino.destination(2))
  const start = configuration.workers === 1 ? startAlone : startWorkers
  return opened((closing) => start({ configuration, overrides, logger }, closing))
}

interface Starting {
  readonly configuration: Configuration
  readonly overrides: GatewayOverrides
  readonly logger: Logger
}

/** The whole gateway in this process. */
async function startAlone(starting: Starting, closing: Closing): Promise<Gateway> {
  const { configuration, overrides, logger } = starting
  const tls = await openTls(configuration, logger, closing)
  await loadParser()
  const foundation = await openFoundation(configuration, logger)
  closing.add(() => foundation.close())
  const metrics = createMetrics({ process: true })
  const { compileThread } = overrides
  const serving = await openServing({ configuration, tls, foundation, metrics, logger, compileThread })
  closing.add(() => serving.stop(GRACE_MS))
  const checks = [{ name: 'upstream', failure: () => serving.failure }]
  const admin = await openAdmin(configuration, { metrics, checks }, closing)
  return {
    port: serving.port,
    adminPort: admin,
    refresh: () => foundation.controlPlane.refresh(),
    reload: async (next) => {
      foundation.reload(takenOver(starting, next))
      await serving.reloadCertificates()
    },
    replaceWorkers: async () => logger.warn('one process alone is not replaced; set workers to 2 or more'),
    stop: async (graceMs = GRACE_MS) => {
      await serving.stop(graceMs)
      await closing.run()
    },
  }
}

/** The control plane and what is counted in this process, and clients in others. */
async function startWorkers(starting: Starting, closing: Closing): Promise<Gateway> {
  const { configuration, overrides, logger } = starting
  await loadParser()
  const foundation = await openFoundation(configuration, logger)
  closing.add(() => foundation.close())
  const own = createMetrics({ process: true })
  // the workers are those that serve
  own.watchWorkers(() => 0)
  const summed = new SummedMetrics()
  const workers = new Workers({
    configuration: workerShare(configuration),
    foundation,
    entry: overrides.worker ?? WORKER_ENTRY,
    metrics: own,
    logger,
    retired: (metrics) => summed.retire(metrics),
  })
  closing.add(() => workers.stop(GRACE_MS))
  const port = await workers.start()
  const expose = async () => {
    const living = await Promise.all(workers.alive.map((worker) => worker.metrics()))
    return summed.expose([await own.collect(), ...living])
  }
  const checks = [
    { name: 'workers', failure: () => (workers.serving === 0 ? 'no worker process serves' : null) },
    {
      name: 'upstream',
      failure: () => workers.alive.find(({ failure }) => failure !== null)?.failure ?? null,
    },
  ]
  const admin = await openAdmin(configuration, { metrics: { expose }, checks }, closing)
  return {
    port,
    adminPort: admin,
    refresh: async () => {
      await foundation.controlPlane.refresh()
      await workers.synced()
    },
    reload: async (next) => {
      const now = takenOver(starting, next)
      foundation.reload(now)
      workers.reload(workerShare(now))
      await workers.synced()
    },
    replaceWorkers: () => workers.replaceAll(configuration.drainTimeoutMs),
    stop: async (graceMs = GRACE_MS) => {
      await workers.stop(graceMs)
      await closing.run()
    },
  }
}

/** What of a changed configuration is in force from now on. */
function takenOver({ configuration, logger }: Starting, next: Configuration): Configuration {
  const keys = needRestart(configuration, next)
  if (keys.length > 0) logger.warn({ keys }, 'these keys are taken over at the next start')
  return reloaded(configuration, next)
}

/** Its port; null where the configuration wants none. */
async function openAdmin(
  { admin }: Configuration,
  options: Pick<AdminOptions, 'metrics' | 'checks'>,
  closing: Closing,
): Promise<number | null> {
  if (admin.port === null) return null
  const { host, port, tokens } = admin
  const server = await startAdmin({ host, port, tokens, ...options })
  closing.add(() => server.stop())
  return server.port
}
