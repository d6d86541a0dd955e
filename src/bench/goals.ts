import type { BenchResult } from './bench-result.js'
import type { Failure, Measurement } from './measure.js'
import type { PeerName } from './peer.js'
import type { ReportTable } from './report.js'
import { cellName } from './workload.js'

/** What is wanted of a number, and what it was. */
interface Goal {
  readonly title: string
  readonly wanted: string
  /** Null where it wasn't measured. */
  readonly got: number | null
  readonly isReached: (got: number) => boolean
  readonly digits: number
}

/** What the gateway should reach, and whether this run did. */
export function goalsTable(result: BenchResult): ReportTable {
  const rows = goalsOf(result).flatMap(({ title, wanted, got, isReached, digits }) =>
    got === null ? [] : [[title, wanted, got.toFixed(digits), isReached(got) ? 'yes' : 'no']],
  )
  return { title: 'Goals', headings: ['', 'wanted', 'got', 'reached'], rows }
}

function goalsOf(result: BenchResult): readonly Goal[] {
  const times = (cell: string, of: PeerName, factor: number, title: string): Goal => ({
    title,
    ...atLeast(factor),
    got: ratio(result, cell, of),
  })
  return [
    ...(['prepared', 'simple'] as const).flatMap((mode) => [
      times(`point-read/${mode}/16`, 'pgbouncer', 1, `point read, ${mode}, 16 clients ÷ PgBouncer`),
      times(`point-read/${mode}/16`, 'rowSecurity', 3, `the same ÷ PgBouncer + RLS`),
      slower(result, mode),
    ]),
    ...(['simple', 'extended', 'prepared'] as const).map((mode) =>
      times(`read-write/${mode}/16`, 'pgbouncer', 0.9, `five statements, ${mode}, 16 clients ÷ PgBouncer`),
    ),
    times('unique-text/simple/16', 'pgbouncer', 0.7, 'each text unique, 16 clients ÷ PgBouncer'),
    times('large-result/simple/1', 'pgbouncer', 0.9, '1,000,000 rows, MB/s ÷ PgBouncer'),
    times('copy-out/simple/1', 'pgbouncer', 0.9, 'COPY TO, MB/s ÷ PgBouncer'),
    times('copy-in/simple/1', 'pgbouncer', 0.8, 'COPY FROM, MB/s ÷ PgBouncer'),
    times('connect/simple/8', 'direct', 0.5, 'connection storm ÷ direct'),
    idle(result),
    neighbour(result),
  ]
}

function atLeast(factor: number): Pick<Goal, 'wanted' | 'isReached' | 'digits'> {
  return { wanted: `≥ ${factor}`, isReached: (got) => got >= factor, digits: 2 }
}

function atMost(limit: number, unit: string): Pick<Goal, 'wanted' | 'isReached' | 'digits'> {
  return { wanted: `≤ ${limit}${unit}`, isReached: (got) => got <= limit, digits: 1 }
}

function slower(result: BenchResult, mode: string): Goal {
  const cell = `point-read/${mode}/1`
  const [ours, theirs] = [measured(result, cell, 'tenantgate'), measured(result, cell, 'pgbouncer')]
  return {
    title: `point read, ${mode}, one client: median behind PgBouncer’s, µs`,
    ...atMost(40, ''),
    got: ours === null || theirs === null ? null : ours.p50Us - theirs.p50Us,
  }
}

function idle({ idle: costs }: BenchResult): Goal {
  const [ours, socket] = [succeeded(costs?.tenantgate), succeeded(costs?.relay)]
  return {
    title: 'an idle connection, beyond Node’s socket, kB',
    ...atMost(15, ''),
    got: ours === null || socket === null ? null : ours.kBEach - socket.kBEach,
  }
}

function neighbour({ neighbour: results }: BenchResult): Goal {
  const ours = succeeded(results?.tenantgate)
  return {
    title: 'p99 beside a noisy neighbour ÷ alone',
    ...atMost(1.5, ''),
    got: ours === null ? null : ours.besideP99Us / ours.aloneP99Us,
  }
}

function ratio(result: BenchResult, cell: string, of: PeerName): number | null {
  const [ours, theirs] = [measured(result, cell, 'tenantgate'), measured(result, cell, of)]
  return ours === null || theirs === null ? null : ours.unitsPerSecond / theirs.unitsPerSecond
}

function measured({ cells }: BenchResult, name: string, peer: PeerName): Measurement | null {
  return succeeded(cells.find(({ cell }) => cellName(cell) === name)?.peers[peer])
}

function succeeded<T extends object>(got: T | Failure | undefined): T | null {
  return got === undefined || 'failure' in got ? null : got
}
