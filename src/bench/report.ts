import type { BenchResult } from './bench-result.js'
import type { CellResult, Failure, Measurement } from './measure.js'
import { PEER_NAMES, PEER_TITLES, type PeerName } from './peer.js'
import { extraFailures, extraTables } from './report-extras.js'

/** One table of the report, in cells of text. */
export interface ReportTable {
  readonly title: string
  readonly headings: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const NOTHING = '–'

/** The tables that a run prints and that `docs/performance.md` shows. */
export function reportTables(result: BenchResult): readonly ReportTable[] {
  const tables = [throughput(result), latency(result), processor(result)].filter(
    ({ rows }) => rows.length > 0,
  )
  return [...tables, ...extraTables(result), compiler(result)]
}

/** Sentences that belong under the tables. */
export function reportNotes(result: BenchResult): readonly string[] {
  const failures = result.cells.flatMap((one) =>
    measuredPeers(one).flatMap(([name, got]) =>
      'failure' in got ? [`${PEER_TITLES[name]} failed at ${labelOf(one)}: ${got.failure}`] : [],
    ),
  )
  const [widest] = result.cells
    .flatMap((one) => measurements(one).map(({ spread }) => ({ spread, label: labelOf(one) })))
    .sort((a, b) => b.spread - a.spread)
  const spread =
    widest === undefined || result.rounds < 2
      ? []
      : [`The rounds of one peer lie at most ${percent(widest.spread)} apart (${widest.label}).`]
  const stoodIn = result.cells.some((one) => measurements(one).some(({ insteadOf }) => insteadOf !== null))
  const substitute = stoodIn
    ? [
        `* PgBouncer ${result.versions.pgbouncer} can’t pool prepared statements; it ran the extended protocol.`,
      ]
    : []
  return [...result.notes, ...substitute, ...spread, ...failures, ...extraFailures(result)]
}

function throughput({ cells }: BenchResult): ReportTable {
  return {
    title: 'Throughput: transactions/s unless told otherwise, and tenantgate as a ratio',
    headings: [
      ...CELL_HEADINGS,
      ...PEER_NAMES.map((name) => PEER_TITLES[name]),
      '÷ direct',
      '÷ PgBouncer',
      '÷ PgBouncer + RLS',
    ],
    rows: cells.map((one) => [
      ...cellLabels(one, true),
      ...PEER_NAMES.map((name) => textOf(one.peers[name], (got) => rate(got.unitsPerSecond))),
      ...(['direct', 'pgbouncer', 'rowSecurity'] as const).map((name) => ratio(one, name, 'unitsPerSecond')),
    ]),
  }
}

function latency({ cells }: BenchResult): ReportTable {
  return {
    title: 'Latency of a transaction: p50 / p99 in ms',
    headings: [...CELL_HEADINGS, ...PEER_NAMES.map((name) => PEER_TITLES[name])],
    rows: cells
      // pgbench's latency begins when the connection is there
      .filter(({ cell }) => cell.workload.unit !== 'connections')
      .map((one) => [
        ...cellLabels(one, false),
        ...PEER_NAMES.map((name) => textOf(one.peers[name], (got) => `${ms(got.p50Us)} / ${ms(got.p99Us)}`)),
      ]),
  }
}

function processor({ cells }: BenchResult): ReportTable {
  const names = ['pgbouncer', 'rowSecurity', 'relay', 'tenantgate'] as const
  return {
    title: 'Processor time of the process in the middle: µs for one transaction (MB, connection)',
    headings: [
      ...CELL_HEADINGS,
      ...names.map((name) => PEER_TITLES[name]),
      '÷ PgBouncer',
      '÷ PgBouncer + RLS',
      '÷ Node relay',
    ],
    rows: cells
      .filter((one) => measurements(one).some(({ middleUsPerUnit }) => middleUsPerUnit !== null))
      .map((one) => [
        ...cellLabels(one, true),
        ...names.map((name) =>
          textOf(one.peers[name], (got) =>
            got.middleUsPerUnit === null ? NOTHING : got.middleUsPerUnit.toFixed(1),
          ),
        ),
        ...(['pgbouncer', 'rowSecurity', 'relay'] as const).map((name) =>
          ratio(one, name, 'middleUsPerUnit'),
        ),
      ]),
  }
}

function compiler({ compiler: speed }: BenchResult): ReportTable {
  return {
    title: 'The compiler alone: µs of processor time for one statement',
    headings: ['statement', 'plan cached', 'new text'],
    rows: [
      ['point read', speed.cachedPointReadUs.toFixed(2), speed.uncachedPointReadUs.toFixed(0)],
      ['ORM query of 15 lines', speed.cachedOrmQueryUs.toFixed(2), speed.uncachedOrmQueryUs.toFixed(0)],
    ],
  }
}

const CELL_HEADINGS = ['workload', 'protocol', 'clients'] as const
const UNIT_TEXTS = { transactions: '', MB: ', MB/s', connections: ', connections/s' } as const

function cellLabels({ cell }: CellResult, withUnit: boolean): readonly string[] {
  const unit = withUnit ? UNIT_TEXTS[cell.workload.unit] : ''
  return [`${cell.workload.title}${unit}`, cell.mode, String(cell.clients)]
}

function labelOf({ cell }: CellResult): string {
  return `${cell.workload.title}, ${cell.mode}, ${cell.clients} ${cell.clients === 1 ? 'client' : 'clients'}`
}

function measuredPeers({ peers }: CellResult): readonly (readonly [PeerName, Measurement | Failure])[] {
  return PEER_NAMES.flatMap((name) => {
    const got = peers[name]
    return got === undefined ? [] : [[name, got] as const]
  })
}

function measurements(one: CellResult): readonly Measurement[] {
  return measuredPeers(one).flatMap(([, got]) => ('failure' in got ? [] : [got]))
}

function textOf(
  got: Measurement | Failure | undefined,
  format: (measurement: Measurement) => string,
): string {
  if (got === undefined) return NOTHING
  if ('failure' in got) return 'failed'
  return format(got) + (got.insteadOf === null ? '' : ' *')
}

/** tenantgate's value divided by another's. */
function ratio({ peers }: CellResult, of: PeerName, value: 'unitsPerSecond' | 'middleUsPerUnit'): string {
  const ours = numberOf(peers.tenantgate, value)
  const theirs = numberOf(peers[of], value)
  return ours === null || theirs === null || theirs === 0 ? NOTHING : (ours / theirs).toFixed(2)
}

function numberOf(
  got: Measurement | Failure | undefined,
  value: 'unitsPerSecond' | 'middleUsPerUnit',
): number | null {
  return got === undefined || 'failure' in got ? null : got[value]
}

function rate(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function ms(us: number): string {
  return (us / 1000).toFixed(us < 10_000 ? 2 : 1)
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`
}
