import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { policyOf } from '../config/policy.js'
import { ConfigurationSchema } from '../config/schema.js'
import { Cleanup } from '../demo/cleanup.js'
import { freePort } from '../demo/database/free-port.js'
import { startDatabase } from '../demo/database/start-database.js'
import { type DemoLogin, onboard } from '../demo/onboard.js'
import type { DemoTenant } from '../demo/tenants.js'
import type { Policy } from '../policy/policy.js'
import { provision } from '../upstream/provision/provision.js'
import { type BenchDatabases, createBenchDatabases } from './bench-database.js'
import { startCompanion } from './companion.js'
import { startGatewayProcess } from './gateway.js'
import type { Credentials, Peer, PeerName } from './peer.js'
import { startPgBouncer } from './pgbouncer.js'

const RELAY = fileURLToPath(new URL('./relay.mjs', import.meta.url))

/** Server connections for each middle process: as many as the load has clients at most, as without one. */
const POOL_SIZE = 16
/** The limit that the gateway's administrator has set a tenant who is loud: half of the cores are for the others. */
export const NEIGHBOUR_QUERIES = Math.max(1, Math.floor(availableParallelism() / 2))
const SETTINGS = { shared_buffers: '256MB', max_connections: '200', max_wal_size: '4GB' }

export interface BenchStageOptions {
  readonly wanted: readonly PeerName[]
  /** Undefined where it isn't installed. */
  readonly pgbouncer: string | undefined
  /** What runs this program's command line. */
  readonly command: readonly [string, ...string[]]
  readonly profile: string | null
  /** Of the large result. */
  readonly largeRows: number
  readonly signal: AbortSignal
}

/** Everything that is measured, up and ready. */
export interface BenchStage {
  readonly peers: readonly Peer[]
  readonly databases: BenchDatabases
  readonly policy: Policy
  readonly pgbouncerVersion: string | null
  end(): Promise<void>
}

/** Starts database and peers; what was started is stopped again when the rest fails. */
export async function setBenchStage(options: BenchStageOptions): Promise<BenchStage> {
  const cleanup = new Cleanup()
  try {
    const server = await startDatabase({ settings: SETTINGS })
    cleanup.add(() => server.stop())
    options.signal.throwIfAborted()
    const databases = await createBenchDatabases(server.url, options.largeRows)
    cleanup.add(() => databases.drop())
    options.signal.throwIfAborted()
    const pooled = await pgbouncerPeers(options, databases, cleanup)
    const relay = await relayPeer(databases, cleanup)
    const policy = policyOf(
      ConfigurationSchema.parse({
        upstream: { url: databases.gatewayUrl, operatorUrl: databases.operatorUrl },
      }),
    )
    const gateway = await gatewayPeer({ options, databases, policy, cleanup })
    return {
      peers: [directPeer(databases), ...pooled.peers, relay, gateway].filter(({ name }) =>
        options.wanted.includes(name),
      ),
      databases,
      policy,
      pgbouncerVersion: pooled.version,
      end: () => cleanup.run(),
    }
  } catch (error) {
    await cleanup.run()
    throw error
  }
}

function directPeer({ plain }: BenchDatabases): Peer {
  const { server: credentials } = plain
  return {
    name: 'direct',
    credentials,
    neighbour: credentials,
    scoping: 'application',
    pid: null,
    prepares: true,
  }
}

async function pgbouncerPeers(
  { pgbouncer }: BenchStageOptions,
  { plain, rowSecurity }: BenchDatabases,
  cleanup: Cleanup,
): Promise<{ readonly version: string | null; readonly peers: readonly Peer[] }> {
  if (pgbouncer === undefined) return { version: null, peers: [] }
  const running = await startPgBouncer({
    program: pgbouncer,
    routes: [plain, rowSecurity],
    poolSize: POOL_SIZE,
  })
  cleanup.add(() => running.stop())
  const through = (server: Credentials) => {
    const credentials = { ...server, host: '127.0.0.1', port: running.port }
    return { credentials, neighbour: credentials }
  }
  const { pid, prepares, version } = running
  return {
    version,
    peers: [
      { name: 'pgbouncer', ...through(plain.server), scoping: 'application', pid, prepares },
      { name: 'rowSecurity', ...through(rowSecurity.server), scoping: 'setting', pid, prepares },
    ],
  }
}

async function relayPeer({ plain }: BenchDatabases, cleanup: Cleanup): Promise<Peer> {
  const port = await freePort()
  const running = await startCompanion({
    name: 'the relay',
    program: process.execPath,
    args: () => [RELAY, String(port), String(plain.server.port)],
    files: {},
    account: undefined,
    port,
  })
  cleanup.add(() => running.stop())
  const credentials = { ...plain.server, host: '127.0.0.1', port }
  return {
    name: 'relay',
    credentials,
    neighbour: credentials,
    scoping: 'application',
    pid: running.pid,
    prepares: true,
  }
}

interface GatewaySetting {
  readonly options: BenchStageOptions
  readonly databases: BenchDatabases
  readonly policy: Policy
  readonly cleanup: Cleanup
}

function tenant(id: string, limits: Readonly<Record<string, number>>): DemoTenant {
  return { id, name: id, settings: { features: {}, branding: {}, limits } }
}

async function gatewayPeer({ options, databases, policy, cleanup }: GatewaySetting): Promise<Peer> {
  const { gatewayUrl, operatorUrl, plain } = databases
  const operator = new Client({ connectionString: operatorUrl })
  operator.on('error', () => {})
  await operator.connect()
  const logins = await provision(operator, { upstreamUrl: gatewayUrl, policy, rowSecurity: false })
    .then(async () => ({
      acme: await onboard(operator, tenant('acme', { connections: 0 })),
      globex: await onboard(operator, tenant('globex', { concurrentQueries: NEIGHBOUR_QUERIES })),
    }))
    .finally(() => operator.end())
  const gateway = await startGatewayProcess({
    upstream: { url: gatewayUrl, operatorUrl },
    poolSize: POOL_SIZE,
    command: options.command,
    profile: options.profile,
  })
  cleanup.add(() => gateway.stop())
  const { database } = plain.server
  const through = ({ name, password }: DemoLogin): Credentials => ({
    ...{ host: '127.0.0.1', port: gateway.port },
    ...{ user: name, password, database },
  })
  return {
    name: 'tenantgate',
    credentials: through(logins.acme),
    neighbour: through(logins.globex),
    scoping: 'gateway',
    pid: gateway.pid,
    prepares: true,
  }
}
