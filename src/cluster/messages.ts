import type { SchemaMessage } from '../compiling/schema-transfer.js'
import type { Configuration } from '../config/schema.js'
import type { Loan } from '../limits/rate-limits.js'
import type { MetricsSnapshot } from '../metrics/metrics.js'
import type { SessionKey } from '../session/registry.js'
import type { TenantCatalog } from '../tenants/catalog.js'

/** How a login ended, for everybody who slows guessing down. */
export interface LoginAttempt {
  readonly outcome: 'failed' | 'succeeded'
  readonly login: string
  readonly address: string
}

/** What the primary process says to a worker; `start` comes first, and the schema in parts right after it. */
export type ToWorker =
  | {
      readonly kind: 'start'
      readonly configuration: Configuration
      readonly catalog: TenantCatalog
      /** What of the log is wanted, such as `info`. */
      readonly logLevel: string
    }
  | { readonly kind: 'schema'; readonly part: SchemaMessage }
  /** All parts are there: the schema is in force. */
  | { readonly kind: 'schema-complete' }
  | { readonly kind: 'catalog'; readonly catalog: TenantCatalog }
  | { readonly kind: 'reload'; readonly configuration: Configuration }
  | { readonly kind: 'cancel'; readonly key: SessionKey }
  | { readonly kind: 'attempt'; readonly attempt: LoginAttempt }
  | { readonly kind: 'ask-metrics'; readonly id: number }
  /** To be answered when everything that was said before is in force. */
  | { readonly kind: 'ask-synced'; readonly id: number }
  | { readonly kind: 'entered'; readonly id: number; readonly admitted: boolean }
  | { readonly kind: 'granted'; readonly id: number }
  | { readonly kind: 'tokens'; readonly id: number; readonly loan: Loan }
  | { readonly kind: 'stop'; readonly graceMs: number }

/** What a worker says to the primary process. */
export type ToPrimary =
  /** The first word: what is said before it could be lost. */
  | { readonly kind: 'listening' }
  | { readonly kind: 'serving'; readonly port: number }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | null }
  /** Why the database server can't be reached; null where it can. */
  | { readonly kind: 'upstream'; readonly failure: string | null }
  | { readonly kind: 'schema-changed' }
  | { readonly kind: 'cancel'; readonly key: SessionKey }
  | { readonly kind: 'attempt'; readonly attempt: LoginAttempt }
  | { readonly kind: 'enter'; readonly id: number; readonly key: string; readonly limit: number }
  | { readonly kind: 'leave'; readonly key: string }
  | { readonly kind: 'permit'; readonly id: number; readonly key: string; readonly limit: number }
  | { readonly kind: 'give-back'; readonly id: number }
  | {
      readonly kind: 'borrow'
      readonly id: number
      readonly account: string
      readonly perSecond: number
      readonly wanted: number
    }
  | { readonly kind: 'metrics'; readonly id: number; readonly metrics: MetricsSnapshot }
  | { readonly kind: 'synced'; readonly id: number }
  /** The last word: what was counted until the end. */
  | { readonly kind: 'farewell'; readonly metrics: MetricsSnapshot }
