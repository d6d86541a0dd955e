import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { type Logger, pino } from 'pino'
import { startAdmin } from './admin/server.js'
import { fileSink } from './audit/file-sink.js'
import { logSink } from './audit/log-sink.js'
import type { AuditSink } from './audit/sink.js'
import { tableSink } from './audit/table-sink.js'
import { QueuedTrail } from './audit/trail.js'
import { Throttle } from './auth/throttle.js'
import type { ThreadEntry } from './compiling/compile-worker.js'
import { openCompiler } from './compiling/open-compiler.js'
import { ConfigurationError } from './config/configuration-error.js'
import { policyOf } from './config/policy.js'
import type { Configuration } from './config/schema.js'
import { SystemClock } from './core/clock.js'
import { Cell } from './core/current.js'
import { GatewayError } from './core/errors.js'
import { RateLimits } from './limits/rate-limits.js'
import { createMetrics, type Metrics } from './metrics/metrics.js'
import { listen } from './net/listener.js'
import { type FileBackedTls, openTlsFiles } from './net/tls-files.js'
import { acceptClient } from './session/accept.js'
import { observedCompiler } from './session/observed-compiler.js'
import { Registry } from './session/registry.js'
import type { SessionServices } from './session/services.js'
import { loadParser } from './sql/parser.js'
import { type ControlPlane, openControlPlane } from './upstream/control-plane.js'
import { tenantsStartup } from './upstream/handshake.js'
import { OperatorConnections, type OperatorConnectionsOptions } from './upstream/operator-connections.js'
import { Pool } from './upstream/pool.js'

/** A gateway that runs. */
export interface Gateway {
  readonly port: number
  /** Null where the configuration wants no admin port. */
  readonly adminPort: number | null
  /** Resolves when every change of tenants, logins and schema that was committed before is in force. */
  refresh(): Promise<void>
  /** Takes over what the files of certificates and keys hold now; ones that can't be used are refused, and logged. */
  reload(): Promise<void>
  /** Lets transactions that run come to their end, for a moment, and ends everything. */
  stop(): Promise<void>
}

export interface GatewayOverrides {
  /** Where the log goes; standard error unless told otherwise. */
  readonly logger?: Logger
  /** What the threads run that compile large statements, where it isn't the compiled code beside this one. */
  readonly compileThread?: ThreadEntry
}

const MAX_TEXT_BYTES = 16 * 1024 * 1024
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024
const MAX_CONNECTIONS = 10_000
const GRACE_MS = 2_000
const CONNECT_TIMEOUT_MS = 10_000

/** Builds the gateway from its configuration and starts it. Throws where a part of it can't be had. */
export async function startGateway(
  configuration: Configuration,
  overrides: GatewayOverrides = {},
): Promise<Gateway> {
  const logger = overrides.logger ?? pino({ name: 'tenantgate' }, pino.destination(2))
  const closing: (() => unknown)[] = []
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close()
  }
  try {
    return await start({ configuration, overrides, logger, closing, stop })
  } catch (error) {
    await stop()
    throw error
  }
}

interface Starting {
  readonly configuration: Configuration
  readonly overrides: GatewayOverrides
  readonly logger: Logger
  /** What undoes each step, the first one last. */
  readonly closing: (() => unknown)[]
  readonly stop: () => Promise<void>
}

async function start(starting: Starting): Promise<Gateway> {
  const { configuration, overrides, logger, closing, stop } = starting
  const { upstream, control, limits, audit } = configuration
  const tls = await openTls(starting)
  await loadParser()
  const policy = new Cell(policyOf(configuration))
  const controlPlane = await openControlPlane({
    operatorUrl: upstream.operatorUrl,
    controlSchema: control.schema,
    policy,
    onProblem: (problem) => logger.warn({ err: problem }, 'the control plane could not be read'),
  })
  closing.push(() => controlPlane.close())
  const metrics = createMetrics({ process: true })
  const pool = openPool(configuration, { metrics, logger })
  closing.push(() => pool.stop())
  const operators = new OperatorConnections({
    url: upstream.operatorUrl,
    max: upstream.operators.max,
    times: upstream.operators,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    observer: connectionObserver({ metrics, logger }),
  })
  closing.push(() => operators.stop())
  const trail = new QueuedTrail({
    sinks: auditSinks(starting),
    clock: SystemClock,
    observe: (sink, outcome, records, error) => {
      metrics.auditRecords(sink, outcome, records)
      if (outcome === 'failed') logger.error({ sink, err: error }, 'audit records could not be written')
      if (outcome === 'dropped') logger.error({ sink, records }, 'audit records were lost')
    },
  })
  closing.push(() => trail.stop(GRACE_MS))
  const compiler = openCompiler({
    maxTextBytes: MAX_TEXT_BYTES,
    maxPlans: 10_000,
    maxPlanBytes: 64 * 1024 * 1024,
    ...(overrides.compileThread === undefined ? {} : { entry: overrides.compileThread }),
  })
  closing.push(() => compiler.stop())
  const services: SessionServices = {
    compiler: observedCompiler(compiler, metrics, SystemClock),
    snapshot: controlPlane.snapshot,
    policy,
    catalog: controlPlane.catalog,
    pool,
    operators,
    poolMode: upstream.pool.mode,
    registry: new Registry(),
    rateLimits: new RateLimits(),
    throttle: new Throttle({ clock: SystemClock }),
    audit: trail,
    metrics,
    clock: SystemClock,
    database: databaseOf(upstream.url),
    limits,
    literals: audit.literals,
    mockKey: randomBytes(32),
    maxMessageBytes: MAX_MESSAGE_BYTES,
    namesTenant: configuration.policy.rowSecurity,
    requiresTls: configuration.listen.tls.mode === 'require',
    loginTimeoutMs: 10_000,
    schemaChanged: () => controlPlane.schemaChanged(),
    reportBug: (error, incident) => logger.error({ err: error, incident }, 'internal error'),
  }
  closing.push(enforceCatalog(services, controlPlane))
  const listener = await openListener(starting, services, tls)
  closing.push(() => letGo(services, listener))
  const admin = await openAdmin(configuration, services)
  if (admin !== null) closing.push(() => admin.stop())
  return {
    port: listener.port,
    adminPort: admin?.port ?? null,
    refresh: () => controlPlane.refresh(),
    reload: async () => tls?.reload(),
    stop,
  }
}

interface Reporting {
  readonly metrics: Metrics
  readonly logger: Logger
}

function openPool({ upstream, policy }: Configuration, { metrics, logger }: Reporting): Pool {
  const pool = new Pool({
    target: {
      url: upstream.url,
      settings: tenantsStartup(policy.searchPath),
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
    },
    ...upstream.pool,
    preparedStatements: 256,
    clock: SystemClock,
    observer: {
      ...connectionObserver({ metrics, logger }),
      waited: (seconds) => metrics.leaseWaitSeconds(seconds),
    },
  })
  metrics.watchPool(() => pool.state)
  return pool
}

function connectionObserver({ metrics, logger }: Reporting): OperatorConnectionsOptions['observer'] {
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

function auditSinks({ configuration, logger, closing }: Starting): readonly AuditSink[] {
  const { audit, upstream, control } = configuration
  const sinks: AuditSink[] = [logSink(logger)]
  if (audit.file !== null) sinks.push(fileSink(audit.file))
  if (!audit.table) return sinks
  const database = new pg.Pool({
    connectionString: upstream.operatorUrl,
    max: 1,
    application_name: 'tenantgate audit',
  })
  database.on('error', (error) => logger.warn({ err: error }, 'the audit lost its database connection'))
  closing.push(() => database.end())
  const query = (sql: string, values: readonly unknown[]) => database.query(sql, [...values])
  return [...sinks, tableSink({ query, controlSchema: control.schema })]
}

/** A login or tenant that is no longer active loses its sessions. */
function enforceCatalog({ registry }: SessionServices, { catalog }: ControlPlane): () => void {
  return catalog.subscribe((value) => registry.enforce(value, () => new GatewayError('LOGIN_CHANGED', {})))
}

/** Null where no client is offered TLS. Throws ConfigurationError. */
async function openTls({ configuration, logger, closing }: Starting): Promise<FileBackedTls | null> {
  const { mode, cert, key, clientCa } = configuration.listen.tls
  if (mode === 'disable' || cert === null || key === null) return null
  const observer = {
    reloaded: () => logger.info({ cert }, 'the TLS certificates were reloaded'),
    refused: (err: unknown) =>
      logger.error({ err, cert }, 'the TLS certificates could not be reloaded; the old ones stay'),
  }
  const tls = await openTlsFiles({ cert, key, clientCa }, observer).catch((error: Error) => {
    throw new ConfigurationError(cert, [{ path: 'listen.tls', message: error.message, line: null }])
  })
  closing.push(() => tls.close())
  return tls
}

type OpenListener = Awaited<ReturnType<typeof listen>>

function openListener(
  { configuration: { listen: address }, logger }: Starting,
  services: SessionServices,
  tls: FileBackedTls | null,
): Promise<OpenListener> {
  return listen({
    host: address.host,
    port: address.port,
    maxConnections: MAX_CONNECTIONS,
    tls: tls?.endpoint ?? null,
    onConnection: (socket) => void acceptClient(socket, services),
    onError: (error) => logger.error({ err: error }, 'a client could not be accepted'),
  })
}

/** Idle sessions end at once, the others with their transaction, and after the grace period all that are left. */
async function letGo({ registry }: SessionServices, listener: OpenListener): Promise<void> {
  const closed = listener.close()
  registry.endAll(() => new GatewayError('SHUTTING_DOWN', {}))
  const limit = setTimeout(() => listener.destroyConnections(), GRACE_MS)
  await closed
  clearTimeout(limit)
}

async function openAdmin({ admin }: Configuration, { metrics, pool }: SessionServices) {
  if (admin.port === null) return null
  return startAdmin({
    host: admin.host,
    port: admin.port,
    tokens: admin.tokens,
    metrics,
    checks: [{ name: 'upstream', failure: () => pool.failure }],
  })
}

function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1))
}
