import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ErrorCode } from '../core/errors.js'
import { type Label, METRICS, type MetricSpec } from './table.js'

/** How a statement ended. */
export type StatementOutcome = 'completed' | 'failed' | 'refused'
/** What the compiler did with a text: found it, compiled it, refused it. */
export type CompilationOutcome = 'hit' | 'miss' | 'refused'

/** What one session counts: looked up once at login, so that a statement costs additions and no lookup by name. */
export interface SessionMetrics {
  opened(): void
  closed(): void
  completed(): void
  failed(): void
  refused(reason: ErrorCode): void
  /** Units: bytes. */
  received(bytes: number): void
  sent(bytes: number): void
  leased(): void
  released(): void
}

/** The pool at the moment somebody looks. */
export interface PoolState {
  readonly open: number
  readonly idle: number
  readonly waiting: number
}

/** Everything the gateway counts; no method throws or waits. */
export interface Metrics {
  session(tenant: string, loginKind: string): SessionMetrics
  login(outcome: 'accepted' | 'refused', reason: string): void
  compilation(outcome: CompilationOutcome): void
  /** Units: s. */
  compileSeconds(seconds: number): void
  leaseWaitSeconds(seconds: number): void
  upstreamConnect(outcome: 'connected' | 'failed'): void
  upstreamLost(): void
  auditRecords(sink: string, outcome: 'written' | 'dropped' | 'failed', records: number): void
  /** Asked at each scrape; the last one given counts. */
  watchPool(state: () => PoolState): void
  /** The text of `/metrics` and its content type. */
  expose(): Promise<{ readonly contentType: string; readonly body: string }>
}

export interface MetricsOptions {
  /** Adds CPU, memory and event loop of the process, as `tenantgate_process_…` and `tenantgate_nodejs_…`. */
  readonly process: boolean
}

const ABSENT_POOL: PoolState = { open: 0, idle: 0, waiting: 0 }

/** Registers every metric of the table in a registry of its own. */
export function createMetrics(options: MetricsOptions = { process: false }): Metrics {
  const registry = new Registry()
  const { counter, gauge, histogram } = makers(registry)
  const sessions = sessionMetrics(registry)
  const logins = counter(METRICS.logins)
  const compilations = compilationCounters(registry)
  const compile = histogram(METRICS.compileSeconds)
  const leaseWait = histogram(METRICS.leaseWaitSeconds)
  const connects = counter(METRICS.upstreamConnects)
  const lost = counter(METRICS.upstreamLost)
  const audit = counter(METRICS.auditRecords)
  let pool = () => ABSENT_POOL
  gauge(METRICS.poolConnections, (set) => set(pool().open))
  gauge(METRICS.poolIdle, (set) => set(pool().idle))
  gauge(METRICS.poolWaiting, (set) => set(pool().waiting))
  if (options.process) collectDefaultMetrics({ register: registry, prefix: 'tenantgate_' })
  return {
    session: sessions,
    login: (outcome, reason) => logins.inc({ outcome, reason }),
    compilation: (outcome) => compilations[outcome].inc(),
    compileSeconds: (seconds) => compile.observe(seconds),
    leaseWaitSeconds: (seconds) => leaseWait.observe(seconds),
    upstreamConnect: (outcome) => connects.inc({ outcome }),
    upstreamLost: () => lost.inc(),
    auditRecords: (sink, outcome, records) => audit.inc({ outcome, reason: sink }, records),
    watchPool: (state) => {
      pool = state
    },
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  }
}

/** Looked up once: every statement counts here. */
function compilationCounters(registry: Registry) {
  const compilations = makers(registry).counter(METRICS.compilations)
  return {
    hit: compilations.labels('hit'),
    miss: compilations.labels('miss'),
    refused: compilations.labels('refused'),
  } as const satisfies Record<CompilationOutcome, { inc(): void }>
}

/** Gives each pair of tenant and login kind one set of counters, shared by its sessions. */
function sessionMetrics(registry: Registry): (tenant: string, loginKind: string) => SessionMetrics {
  const { counter, gauge } = makers(registry)
  const sessions = gauge(METRICS.sessions)
  const statements = counter(METRICS.statements)
  const refusals = counter(METRICS.refusals)
  const bytesReceived = counter(METRICS.clientBytesReceived)
  const bytesSent = counter(METRICS.clientBytesSent)
  const leases = gauge(METRICS.leases)
  return (tenant, loginKind) => {
    const open = sessions.labels(tenant, loginKind)
    const completed = statements.labels(tenant, loginKind, 'completed')
    const failed = statements.labels(tenant, loginKind, 'failed')
    const refused = statements.labels(tenant, loginKind, 'refused')
    const received = bytesReceived.labels(tenant, loginKind)
    const sent = bytesSent.labels(tenant, loginKind)
    const leased = leases.labels(tenant)
    return {
      opened: () => open.inc(),
      closed: () => open.dec(),
      completed: () => completed.inc(),
      failed: () => failed.inc(),
      refused: (reason) => {
        refused.inc()
        refusals.labels(tenant, loginKind, reason).inc()
      },
      received: (bytes) => received.inc(bytes),
      sent: (bytes) => sent.inc(bytes),
      leased: () => leased.inc(),
      released: () => leased.dec(),
    }
  }
}

function makers(registry: Registry) {
  const common = (spec: MetricSpec) => ({
    name: spec.name,
    help: spec.help,
    labelNames: [...spec.labels],
    registers: [registry],
  })
  return {
    counter: (spec: MetricSpec & { readonly type: 'counter' }) => new Counter<Label>(common(spec)),
    gauge: (
      spec: MetricSpec & { readonly type: 'gauge' },
      collect?: (set: (value: number) => void) => void,
    ): Gauge<Label> =>
      new Gauge<Label>({
        ...common(spec),
        ...(collect === undefined
          ? {}
          : {
              collect(this: Gauge<Label>) {
                collect((value) => this.set(value))
              },
            }),
      }),
    histogram: (spec: MetricSpec & { readonly type: 'histogram'; readonly buckets: readonly number[] }) =>
      new Histogram<Label>({ ...common(spec), buckets: [...spec.buckets] }),
  }
}
