import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { openCompiler } from '../compiling/open-compiler.js'
import type { Configuration } from '../config/schema.js'
import { SystemClock } from '../core/clock.js'
import { GatewayError } from '../core/errors.js'
import type { ProgramEntry } from '../core/program-entry.js'
import type { Metrics } from '../metrics/metrics.js'
import { type Listener, listen } from '../net/listener.js'
import type { FileBackedTls } from '../net/tls-files.js'
import { acceptClient } from '../session/accept.js'
import { observedCompiler } from '../session/observed-compiler.js'
import { Registry, type SessionKey } from '../session/registry.js'
import type { SessionServices } from '../session/services.js'
import type { TokenLogins } from '../session/token-logins.js'
import { UnfinishedMessages } from '../session/unfinished-messages.js'
import { openAudit } from './auditing.js'
import { type Closing, opened } from './closing.js'
import type { Foundation } from './foundation.js'
import { openOperatorConnections, openPool } from './server-connections.js'
import { openTokens } from './tokens.js'

/** One process that serves clients. */
export interface Serving {
  readonly port: number
  /** Why the database server can't be reached; null where it can. */
  readonly failure: string | null
  /** Cancels what the session with this key runs, if it is here. */
  cancel(key: SessionKey): void
  /** Takes over what the files of certificates and keys hold now; ones that can't be used are refused, and logged. */
  reloadCertificates(): Promise<void>
  /**
   * Accepts no more clients, lets transactions that run come to their end, and ends everything.
   *
   * May be called again while it is under way, to give them less time.
   */
  stop(graceMs: number): Promise<void>
}

export interface ServingOptions {
  readonly configuration: Configuration
  /** Null where no client is offered TLS. */
  readonly tls: FileBackedTls | null
  readonly foundation: Foundation
  readonly metrics: Metrics
  readonly logger: Logger
  /** What the threads run that compile large statements, where it isn't the compiled code. */
  readonly compileThread: ProgramEntry | undefined
}

const MAX_TEXT_BYTES = 16 * 1024 * 1024
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024
/** Of all clients together. */
const MAX_UNFINISHED_BYTES = 1024 * 1024 * 1024
const MAX_CONNECTIONS = 10_000

/** Listens, and serves who connects; `loadParser` has to have been awaited. Rejects where a part can't be had. */
export function openServing(options: ServingOptions): Promise<Serving> {
  return opened((closing) => open(options, closing))
}

async function open(options: ServingOptions, closing: Closing): Promise<Serving> {
  const { foundation } = options
  const { catalog } = foundation.controlPlane
  const tokens = await openTokens(options.configuration, catalog.value, options.logger)
  const services = openServices(options, tokens, closing)
  const listener = await openListener(options, services)
  // a login or tenant that is no longer active loses its sessions
  const changed = () => new GatewayError('LOGIN_CHANGED', {})
  closing.add(catalog.subscribe((value) => services.registry.enforce(value, changed)))
  return {
    port: listener.port,
    get failure() {
      return services.pool.failure
    },
    cancel: (key) => services.registry.cancelHere(key),
    reloadCertificates: async () => options.tls?.reload(),
    stop: async (graceMs) => {
      await letGo(services, listener, graceMs)
      await closing.run()
    },
  }
}

function openServices(
  options: ServingOptions,
  tokens: TokenLogins | null,
  closing: Closing,
): SessionServices {
  const { configuration, foundation, metrics, logger } = options
  const { upstream, audit } = configuration
  const pool = foundation.leasing((leaseEnded) => {
    const opened = openPool(configuration, options, leaseEnded)
    closing.add(() => opened.stop())
    return opened
  })
  const operators = openOperatorConnections(configuration, options)
  closing.add(() => operators.stop())
  const trail = openAudit(configuration, options, closing)
  const compiler = openCompiler({
    maxTextBytes: MAX_TEXT_BYTES,
    maxPlans: 10_000,
    maxPlanBytes: 64 * 1024 * 1024,
    ...(options.compileThread === undefined ? {} : { entry: options.compileThread }),
  })
  closing.add(() => compiler.stop())
  return {
    compiler: observedCompiler(compiler, metrics, SystemClock),
    snapshot: foundation.controlPlane.snapshot,
    policy: foundation.policy,
    catalog: foundation.controlPlane.catalog,
    pool,
    operators,
    poolMode: upstream.pool.mode,
    registry: new Registry((key) => foundation.cancelElsewhere(key)),
    quotas: foundation.quotas,
    throttle: foundation.throttle,
    tokens,
    audit: trail,
    metrics,
    clock: SystemClock,
    database: databaseOf(upstream.url),
    limits: foundation.limits,
    literals: audit.literals,
    mockKey: randomBytes(32),
    maxMessageBytes: MAX_MESSAGE_BYTES,
    unfinished: new UnfinishedMessages(MAX_UNFINISHED_BYTES),
    namesTenant: configuration.policy.rowSecurity,
    requiresTls: configuration.listen.tls.mode === 'require',
    loginTimeoutMs: 10_000,
    schemaChanged: () => foundation.controlPlane.schemaChanged(),
    reportBug: (error, incident) => logger.error({ err: error, incident }, 'internal error'),
  }
}

function openListener(
  { configuration: { listen: address }, logger, tls }: ServingOptions,
  services: SessionServices,
): Promise<Listener> {
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
async function letGo({ registry }: SessionServices, listener: Listener, graceMs: number): Promise<void> {
  const closed = listener.close()
  registry.endAll(() => new GatewayError('SHUTTING_DOWN', {}))
  const limit = setTimeout(() => listener.destroyConnections(), graceMs)
  await closed
  clearTimeout(limit)
}

function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1))
}
