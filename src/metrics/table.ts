/** One row of the metrics table. */
export interface MetricSpec {
  readonly name: `tenantgate_${string}`
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly Label[]
  /** Upper bounds of a histogram, in the unit of its name. */
  readonly buckets?: readonly number[]
}

/** The only labels there are; a label's values must be few or be tenants, and never SQL text. */
export type Label = 'tenant' | 'login_kind' | 'outcome' | 'reason'

/** Every metric of the gateway; `docs/metrics.md` is written from this table. */
export const METRICS = {
  sessions: {
    name: 'tenantgate_sessions',
    type: 'gauge',
    help: 'Client sessions that are logged in.',
    labels: ['tenant', 'login_kind'],
  },
  logins: {
    name: 'tenantgate_logins_total',
    type: 'counter',
    help: 'Login attempts: outcome is accepted or refused, reason says why it was refused (the client is not told).',
    labels: ['outcome', 'reason'],
  },
  statements: {
    name: 'tenantgate_statements_total',
    type: 'counter',
    help: 'Statements by their end: completed, failed (an error of the database), refused (by the gateway).',
    labels: ['tenant', 'login_kind', 'outcome'],
  },
  refusals: {
    name: 'tenantgate_refusals_total',
    type: 'counter',
    help: 'Refused statements by reason, the code of docs/errors.md.',
    labels: ['tenant', 'login_kind', 'reason'],
  },
  workers: {
    name: 'tenantgate_workers',
    type: 'gauge',
    help: 'Processes that serve clients.',
    labels: [],
  },
  workersLost: {
    name: 'tenantgate_workers_lost_total',
    type: 'counter',
    help: 'Processes that ended without being told to; each is replaced.',
    labels: [],
  },
  clientBytesReceived: {
    name: 'tenantgate_client_received_bytes_total',
    type: 'counter',
    help: 'Bytes read from clients after login.',
    labels: ['tenant', 'login_kind'],
  },
  clientBytesSent: {
    name: 'tenantgate_client_sent_bytes_total',
    type: 'counter',
    help: 'Bytes written to clients after login.',
    labels: ['tenant', 'login_kind'],
  },
  compilations: {
    name: 'tenantgate_compilations_total',
    type: 'counter',
    help: 'Statement texts handed to the compiler: hit (found in the plan cache), miss (compiled), refused.',
    labels: ['outcome'],
  },
  compileSeconds: {
    name: 'tenantgate_compile_seconds',
    type: 'histogram',
    help: 'Time to compile a statement text that was not in the plan cache.',
    labels: [],
    buckets: [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.25, 1],
  },
  leases: {
    name: 'tenantgate_leases',
    type: 'gauge',
    help: 'Server connections that are leased to a session now.',
    labels: ['tenant'],
  },
  pinned: {
    name: 'tenantgate_pinned_sessions',
    type: 'gauge',
    help: 'Sessions that keep their server connection between transactions, for what it holds: temporary tables, prepared statements of SQL, …',
    labels: ['tenant'],
  },
  leaseWaitSeconds: {
    name: 'tenantgate_lease_wait_seconds',
    type: 'histogram',
    help: 'Time a session waited for a server connection.',
    labels: [],
    buckets: [0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
  },
  poolConnections: {
    name: 'tenantgate_pool_connections',
    type: 'gauge',
    help: 'Server connections that are open, leased or idle.',
    labels: [],
  },
  poolIdle: {
    name: 'tenantgate_pool_idle_connections',
    type: 'gauge',
    help: 'Server connections that are open and leased to nobody.',
    labels: [],
  },
  poolWaiting: {
    name: 'tenantgate_pool_waiting_sessions',
    type: 'gauge',
    help: 'Sessions that wait for a server connection.',
    labels: [],
  },
  upstreamConnects: {
    name: 'tenantgate_upstream_connects_total',
    type: 'counter',
    help: 'Attempts to open a server connection: connected or failed.',
    labels: ['outcome'],
  },
  upstreamLost: {
    name: 'tenantgate_upstream_lost_total',
    type: 'counter',
    help: 'Server connections that ended without being asked to.',
    labels: [],
  },
  auditRecords: {
    name: 'tenantgate_audit_records_total',
    type: 'counter',
    help: 'Audit records by what became of them: written, dropped (queue full or sink broken), failed (an attempt, repeated later). Reason is the sink: log, file, table.',
    labels: ['outcome', 'reason'],
  },
} as const satisfies Record<string, MetricSpec>
