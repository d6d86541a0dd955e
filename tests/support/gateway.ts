import { randomBytes } from 'node:crypto'
import type { AuditEvent } from '../../src/audit/event.js'
import { ScramSecret } from '../../src/auth/scram-secret.js'
import { Throttle } from '../../src/auth/throttle.js'
import type { SessionCompiler } from '../../src/compiling/gateway-compiler.js'
import { SystemClock } from '../../src/core/clock.js'
import { Cell } from '../../src/core/current.js'
import { LoginName, TenantId } from '../../src/core/ids.js'
import { OwnQuotas } from '../../src/limits/own-quotas.js'
import { createMetrics } from '../../src/metrics/metrics.js'
import { listen } from '../../src/net/listener.js'
import type { TlsEndpoint } from '../../src/net/tls-endpoint.js'
import type { Policy } from '../../src/policy/policy.js'
import type { Snapshot } from '../../src/schema/snapshot.js'
import { acceptClient } from '../../src/session/accept.js'
import { Registry } from '../../src/session/registry.js'
import type { SessionServices } from '../../src/session/services.js'
import { UnfinishedMessages } from '../../src/session/unfinished-messages.js'
import type { Compiler } from '../../src/sql/compiled.js'
import type { TenantCatalog } from '../../src/tenants/catalog.js'
import type { Login } from '../../src/tenants/login.js'
import type { Limits } from '../../src/tenants/tenant.js'
import { tenantsStartup } from '../../src/upstream/handshake.js'
import { OperatorConnections } from '../../src/upstream/operator-connections.js'
import { Pool, type PoolOptions } from '../../src/upstream/pool.js'
import { passThroughCompiler } from './pass-through-compiler.js'

export const PASSWORD = 'correct horse'
/** Few rounds: what takes long on purpose is no subject of these tests. */
const SECRET = ScramSecret.format(ScramSecret.create(PASSWORD, { iterations: 64 }))

export const NO_LIMITS: Limits = {
  connections: 0,
  concurrentQueries: 0,
  queriesPerSecond: 0,
  statementTimeoutMs: 0,
  idleInTransactionMs: 0,
  resultRows: 0,
  resultBytes: 0,
  weight: 1,
}

export interface GatewayOptions {
  /** The server's URL. */
  readonly upstream: string
  readonly compiler?: Compiler
  readonly pool?: Partial<PoolOptions>
  readonly services?: Partial<SessionServices>
  readonly throttle?: Throttle
  readonly tls?: TlsEndpoint
}

/** A gateway without configuration and control schema: static logins, and a compiler of the test's choice. */
export interface TestGateway {
  readonly port: number
  /** Of clients, as the listener counts them. */
  readonly connections: number
  readonly pool: Pool
  readonly catalog: Cell<TenantCatalog>
  readonly snapshot: Cell<Snapshot>
  readonly registry: Registry
  readonly events: readonly AuditEvent[]
  readonly bugs: readonly unknown[]
  /** Of `alice` at `acme`, unless told otherwise. */
  url(login?: string, parameters?: Readonly<Record<string, string>>): string
  stop(): Promise<void>
}

export async function testGateway(options: GatewayOptions): Promise<TestGateway> {
  const database = new URL(options.upstream).pathname.slice(1)
  const events: AuditEvent[] = []
  const bugs: unknown[] = []
  const catalog = new Cell(testCatalog())
  const snapshot = new Cell(emptySnapshot(1))
  const registry = new Registry()
  const pool = new Pool({
    target: { url: options.upstream, settings: tenantsStartup(['public']), connectTimeoutMs: 10_000 },
    max: 10,
    perTenant: 10,
    queueTimeoutMs: 10_000,
    idleTimeoutMs: 60_000,
    healthCheckMs: 0,
    lifetimeMs: 0,
    preparedStatements: 256,
    clock: SystemClock,
    observer: { connected: () => {}, lost: () => {}, waited: () => {}, leaseEnded: () => {} },
    ...options.pool,
  })
  const services: SessionServices = {
    compiler: atOnce(options.compiler ?? passThroughCompiler()),
    snapshot,
    policy: new Cell(emptyPolicy()),
    catalog,
    pool,
    operators: new OperatorConnections({
      url: options.upstream,
      max: 10,
      times: { idleTimeoutMs: 0, lifetimeMs: 0 },
      connectTimeoutMs: 10_000,
      observer: { connected: () => {}, lost: () => {} },
    }),
    poolMode: 'transaction',
    registry,
    quotas: new OwnQuotas(SystemClock),
    throttle: options.throttle ?? new Throttle({ clock: SystemClock }),
    tokens: null,
    audit: { record: (event) => events.push(event) > 0 },
    metrics: createMetrics(),
    clock: SystemClock,
    database,
    limits: new Cell(NO_LIMITS),
    literals: 'redact',
    mockKey: randomBytes(32),
    maxMessageBytes: 64 * 1024 * 1024,
    unfinished: new UnfinishedMessages(1024 * 1024 * 1024),
    requiresTls: false,
    namesTenant: false,
    loginTimeoutMs: 10_000,
    schemaChanged: () => {},
    reportBug: (error) => bugs.push(error),
    ...options.services,
  }
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    maxConnections: 1_000,
    tls: options.tls ?? null,
    onConnection: (socket) => void acceptClient(socket, services),
    onError: (error) => bugs.push(error),
  })
  return {
    port: listener.port,
    get connections() {
      return listener.connections
    },
    pool,
    catalog,
    snapshot,
    registry,
    events,
    bugs,
    url: (login = 'alice', parameters = {}) => {
      const url = new URL(`postgres://127.0.0.1:${listener.port}/${database}`)
      url.username = login
      url.password = PASSWORD
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
      return url.href
    },
    stop: async () => {
      const closed = listener.close()
      listener.destroyConnections()
      pool.stop()
      await services.operators.stop()
      await closed
    },
  }
}

function atOnce(compiler: Compiler): SessionCompiler {
  return {
    compile: (text, context) => compiler.compile(text, context),
    request: () => {
      throw new Error('every text is compiled at once')
    },
  }
}

export function testCatalog(): TenantCatalog {
  const settings = { features: {}, branding: {}, limits: {} }
  const tenant = (id: string, status: 'active' | 'suspended' = 'active') =>
    [TenantId.of(id), { id: TenantId.of(id), name: id, status, settings }] as const
  const login = (name: string, tenantId: string, change: Partial<Login> = {}) =>
    [
      LoginName.of(name),
      {
        name: LoginName.of(name),
        kind: 'app' as const,
        tenants: [TenantId.of(tenantId)],
        secret: SECRET,
        certificateCn: null,
        disabled: false,
        ...change,
      },
    ] as const
  return {
    generation: 1,
    tenants: new Map([tenant('acme'), tenant('globex'), tenant('closed', 'suspended')]),
    logins: new Map([
      login('alice', 'acme'),
      login('bob', 'globex'),
      login('carol', 'acme', { disabled: true }),
      login('dave', 'closed'),
      login('root', 'acme', { kind: 'operator', tenants: [] }),
    ]),
  }
}

export function emptySnapshot(generation: number): Snapshot {
  return {
    generation,
    serverVersion: 150000,
    relations: new Map(),
    schemas: new Set(['public']),
    extensions: new Set(),
    functions: new Map(),
    operators: new Map(),
    types: new Map(),
    casts: [],
  }
}

export function emptyPolicy(): Policy {
  return {
    generation: 1,
    tenantColumn: 'tenant_id',
    searchPath: ['public'],
    relations: new Map(),
    functions: { allow: new Set(), extensions: new Set() },
    explain: 'plan',
    temporaryTables: true,
    controlSchema: 'tenantgate',
  }
}
