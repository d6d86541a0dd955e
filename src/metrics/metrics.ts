import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ErrorCode } from '../core/errors.js'
import { type Label, METRICS, type MetricSpec } from './table.js'
import { TalliedHistogram } from './tallied-histogram.js'

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
  /** The server connection stays the session's between transactions, for what it holds. */
  pinned(): void
  unpinned(): void
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
  /** Asked at each scrape; one process unless told otherwise. */
  watchWorkers(count: () => number): void
  workerLost(): void
  /** The text of `/metrics` and its content type. */
  expose(): Promise<Exposition>
  /** All values, to be added up with other processes'. */
  collect(): Promise<MetricsSnapshot>
}

/** What a scrape gets. */
export interface Exposition {
  readonly contentType: string
  readonly body: string
}

/** The values of one process at a moment, as plain data. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

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
  const leaseWait = new TalliedHistogram(METRICS.leaseWaitSeconds, registry)
  const connects = counter(METRICS.upstreamConnects)
  const lost = counter(METRICS.upstreamLost)
  const audit = counter(METRICS.auditRecords)
  let pool = () => ABSENT_POOL
  gauge(METRICS.poolConnections, (set) => set(pool().open))
  gauge(METRICS.poolIdle, (set) => set(pool().idle))
  gauge(METRICS.poolWaiting, (set) => set(pool().waiting))
  let workers = () => 1
  gauge(METRICS.workers, (set) => set(workers()))
  const workersLost = counter(METRICS.workersLost)
  if (options.process) collectDefaultMetrics({ register: registry, prefix: 'tenantgate_' })
  return {
    session: sessions,
    login: (outcome, reason) => logins.inc({ outcome, reason }),
    compilation: (outcome) => {
      compilations[outcome] += 1
    },
    compileSeconds: (seconds) => compile.observe(seconds),
    leaseWaitSeconds: (seconds) => leaseWait.observe(seconds),
    upstreamConnect: (outcome) => connects.inc({ outcome }),
    upstreamLost: () => lost.inc(),
    auditRecords: (sink, outcome, records) => audit.inc({ outcome, reason: sink }, records),
    watchPool: (state) => {
      pool = state
    },
    watchWorkers: (count) => {
      workers = count
    },
    workerLost: () => workersLost.inc(),
    collect: () => registry.getMetricsAsJSON(),
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  }
}

/** Plain numbers: every statement counts here. */
function compilationCounters(registry: Registry): Record<CompilationOutcome, number> {
  const counts = { hit: 0, miss: 0, refused: 0 } satisfies Record<CompilationOutcome, number>
  new Counter<Label>({
    ...common(METRICS.compilations, registry),
    collect() {
      this.reset()
      for (const [outcome, count] of Object.entries(counts)) this.inc({ outcome }, count)
    },
  })
  return counts
}

/** What is counted for one pair of tenant and login kind; plain numbers, which the registry copies at each scrape. */
interface Tally {
  readonly tenant: string
  readonly loginKind: string
  sessions: number
  completed: number
  failed: number
  refused: number
  received: number
  sent: number
  leases: number
  pinned: number
}

/** Gives each pair of tenant and login kind one tally, shared by its sessions: a statement costs additions alone. */
function sessionMetrics(registry: Registry): (tenant: string, loginKind: string) => SessionMetrics {
  const tallies = new Map<string, Tally>()
  const refusals = makers(registry).counter(METRICS.refusals)
  exposeTallies(registry, tallies)
  const known = new Map<string, SessionMetrics>()
  return (tenant, loginKind) => {
    const key = `${tenant}\0${loginKind}`
    const metrics = known.get(key) ?? countersOf(emptyTally(tenant, loginKind), key)
    known.set(key, metrics)
    return metrics
  }

  function countersOf(tally: Tally, key: string): SessionMetrics {
    const { tenant, loginKind } = tally
    tallies.set(key, tally)
    return {
      opened: () => void tally.sessions++,
      closed: () => void tally.sessions--,
      completed: () => void tally.completed++,
      failed: () => void tally.failed++,
      refused: (reason) => {
        tally.refused += 1
        refusals.labels(tenant, loginKind, reason).inc()
      },
      received: (bytes) => {
        tally.received += bytes
      },
      sent: (bytes) => {
        tally.sent += bytes
      },
      leased: () => void tally.leases++,
      released: () => void tally.leases--,
      pinned: () => void tally.pinned++,
      unpinned: () => void tally.pinned--,
    }
  }
}

function emptyTally(tenant: string, loginKind: string): Tally {
  return {
    tenant,
    loginKind,
    sessions: 0,
    completed: 0,
    failed: 0,
    refused: 0,
    received: 0,
    sent: 0,
    leases: 0,
    pinned: 0,
  }
}

function exposeTallies(registry: Registry, tallies: ReadonlyMap<string, Tally>): void {
  const counter = (spec: MetricSpec & { readonly type: 'counter' }, values: (tally: Tally) => Series) =>
    new Counter<Label>({
      ...common(spec, registry),
      collect() {
        this.reset()
        for (const tally of tallies.values())
          for (const [labels, value] of values(tally)) this.inc(labels, value)
      },
    })
  const gauge = (spec: MetricSpec & { readonly type: 'gauge' }, values: (tally: Tally) => Series) =>
    new Gauge<Label>({
      ...common(spec, registry),
      collect() {
        this.reset()
        for (const tally of tallies.values())
          for (const [labels, value] of values(tally)) this.inc(labels, value)
      },
    })
  gauge(METRICS.sessions, (tally) => [[labelsOf(tally), tally.sessions]])
  gauge(METRICS.leases, (tally) => [[{ tenant: tally.tenant }, tally.leases]])
  gauge(METRICS.pinned, (tally) => [[{ tenant: tally.tenant }, tally.pinned]])
  counter(METRICS.clientBytesReceived, (tally) => [[labelsOf(tally), tally.received]])
  counter(METRICS.clientBytesSent, (tally) => [[labelsOf(tally), tally.sent]])
  counter(METRICS.statements, (tally) =>
    (['completed', 'failed', 'refused'] as const).map((outcome) => [
      { ...labelsOf(tally), outcome },
      tally[outcome],
    ]),
  )
}

type Series = readonly (readonly [Partial<Record<Label, string>>, number])[]

function labelsOf({ tenant, loginKind }: Tally): Partial<Record<Label, string>> {
  return { tenant, login_kind: loginKind }
}

function common(spec: MetricSpec, registry: Registry) {
  return { name: spec.name, help: spec.help, labelNames: [...spec.labels], registers: [registry] }
}

function makers(registry: Registry) {
  return {
    counter: (spec: MetricSpec & { readonly type: 'counter' }) => new Counter<Label>(common(spec, registry)),
    gauge: (
      spec: MetricSpec & { readonly type: 'gauge' },
      collect?: (set: (value: number) => void) => void,
    ): Gauge<Label> =>
      new Gauge<Label>({
        ...common(spec, registry),
        ...(collect === undefined
          ? {}
          : {
              collect(this: Gauge<Label>) {
                collect((value) => this.set(value))
              },
            }),
      }),
    histogram: (spec: MetricSpec & { readonly type: 'histogram'; readonly buckets: readonly number[] }) =>
      new Histogram<Label>({ ...common(spec, registry), buckets: [...spec.buckets] }),
  }
}
