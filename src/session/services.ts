import type { AuditTrail } from '../audit/event.js'
import type { Throttle } from '../auth/throttle.js'
import type { SessionCompiler } from '../compiling/gateway-compiler.js'
import type { Clock } from '../core/clock.js'
import type { Current } from '../core/current.js'
import type { Quotas } from '../limits/quotas.js'
import type { Metrics } from '../metrics/metrics.js'
import type { Policy } from '../policy/policy.js'
import type { Snapshot } from '../schema/snapshot.js'
import type { TenantCatalog } from '../tenants/catalog.js'
import type { Limits } from '../tenants/tenant.js'
import type { OperatorConnections } from '../upstream/operator-connections.js'
import type { LeasePool } from '../upstream/pool.js'
import type { Registry } from './registry.js'
import type { TokenLogins } from './token-logins.js'
import type { UnfinishedMessages } from './unfinished-messages.js'

/** What every session shares; built once for each process. */
export interface SessionServices {
  readonly compiler: SessionCompiler
  readonly snapshot: Current<Snapshot>
  readonly policy: Current<Policy>
  readonly catalog: Current<TenantCatalog>
  readonly pool: LeasePool
  /** Server connections that are no tenant's. */
  readonly operators: OperatorConnections
  /** Whether a server connection is leased for a transaction or for a session. */
  readonly poolMode: 'transaction' | 'session'
  readonly registry: Registry
  readonly throttle: Throttle
  /** What is limited for all processes of the gateway together. */
  readonly quotas: Quotas
  /** Null where no token is accepted. */
  readonly tokens: TokenLogins | null
  readonly audit: AuditTrail
  readonly metrics: Metrics
  readonly clock: Clock
  /** The one database that clients may name. */
  readonly database: string
  /** What a tenant's own limits leave out. */
  readonly limits: Current<Limits>
  readonly literals: 'redact' | 'keep'
  /** For the mock secrets of unknown logins. */
  readonly mockKey: Buffer
  /** Largest message of a client, bytes. */
  readonly maxMessageBytes: number
  /** What all clients together may leave unfinished. */
  readonly unfinished: UnfinishedMessages
  /** Whether clients that don't encrypt are sent away. */
  readonly requiresTls: boolean
  /** Whether the server is told whose statements follow, for its row-level security. */
  readonly namesTenant: boolean
  /** From the startup packet to ReadyForQuery. */
  readonly loginTimeoutMs: number
  /** To be told by who may have changed the database's schema: it is read again, soon. */
  readonly schemaChanged: () => void
  /** For what should not happen; gets everything, the client only an incident id. */
  readonly reportBug: (error: unknown, incident: string) => void
}
