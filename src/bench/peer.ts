import type { Scoping } from './workload.js'

/** In the order of the report. */
export const PEER_NAMES = ['direct', 'pgbouncer', 'rowSecurity', 'relay', 'tenantgate'] as const
export type PeerName = (typeof PEER_NAMES)[number]

export const PEER_TITLES: Readonly<Record<PeerName, string>> = {
  direct: 'direct',
  pgbouncer: 'PgBouncer',
  rowSecurity: 'PgBouncer + RLS',
  relay: 'Node relay',
  tenantgate: 'tenantgate',
}

/** Whom a connection is for. */
export interface Credentials {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

/** One way to the same rows. */
export interface Peer {
  readonly name: PeerName
  readonly credentials: Credentials
  /** Another tenant's, with many clients; the same where one login is for all tenants. */
  readonly neighbour: Credentials
  readonly scoping: Scoping
  /** The process in the middle, whose processor time is measured; null where there is none. */
  readonly pid: number | null
  /** Whether statements that a client prepared survive transaction pooling. */
  readonly prepares: boolean
}
