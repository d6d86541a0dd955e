import type { BenchResult, ByPeer } from './bench-result.js'
import type { Failure } from './measure.js'
import { PEER_NAMES, PEER_TITLES } from './peer.js'
import type { ReportTable } from './report.js'

/** The tables of what isn't a workload: memory, idle clients, a noisy neighbour. */
export function extraTables(result: BenchResult): readonly ReportTable[] {
  return [memory(result), idle(result), neighbour(result)].filter(({ rows }) => rows.length > 0)
}

/** Why some of them hold nothing. */
export function extraFailures({ idle: costs, neighbour: results }: BenchResult): readonly string[] {
  const of = { 'idle connections': costs ?? {}, 'the noisy neighbour': results ?? {} }
  return Object.entries(of).flatMap(([title, peers]) =>
    PEER_NAMES.flatMap((name) => {
      const got = peers[name]
      return got !== undefined && 'failure' in got
        ? [`${PEER_TITLES[name]} failed at ${title}: ${got.failure}`]
        : []
    }),
  )
}

const FAILED = 'failed'

/** Only of what moves much: the rest has a few rows in its hands. */
function memory({ cells }: BenchResult): ReportTable {
  const names = ['pgbouncer', 'rowSecurity', 'relay', 'tenantgate'] as const
  return {
    title: 'By how much the process in the middle grew at most: MB',
    headings: ['workload', ...names.map((name) => PEER_TITLES[name])],
    rows: cells
      .filter(({ cell }) => cell.workload.unit === 'MB')
      .map(({ cell, peers }) => [
        cell.workload.title,
        ...names.map((name) => textOf(peers[name], ({ grewMB }) => grewMB?.toFixed(1) ?? '–')),
      ]),
  }
}

function idle({ idle: costs }: BenchResult): ReportTable {
  return {
    title: 'Memory of an idle connection in the middle: kB, of 5,000 clients that have logged in',
    headings: ['', 'kB each'],
    rows: rowsOf(costs, 1, ({ kBEach }) => [kBEach.toFixed(1)]),
  }
}

function neighbour({ neighbour: results }: BenchResult): ReportTable {
  return {
    title: 'Noisy neighbour: point reads of 4 clients, p50 / p99 in ms, beside 64 clients of another tenant',
    headings: ['', 'alone', 'beside them', 'p99 ÷ alone'],
    rows: rowsOf(results, 3, ({ aloneP50Us, aloneP99Us, besideP50Us, besideP99Us }) => [
      `${ms(aloneP50Us)} / ${ms(aloneP99Us)}`,
      `${ms(besideP50Us)} / ${ms(besideP99Us)}`,
      (besideP99Us / aloneP99Us).toFixed(1),
    ]),
  }
}

function rowsOf<T extends object>(
  results: ByPeer<T> | null,
  columns: number,
  cellsOf: (result: T) => readonly string[],
): readonly (readonly string[])[] {
  return PEER_NAMES.flatMap((name) => {
    const result = results?.[name]
    if (result === undefined) return []
    return [
      [
        PEER_TITLES[name],
        ...('failure' in result ? new Array<string>(columns).fill(FAILED) : cellsOf(result)),
      ],
    ]
  })
}

function textOf<T extends object>(got: T | Failure | undefined, format: (measured: T) => string): string {
  if (got === undefined) return '–'
  return 'failure' in got ? FAILED : format(got)
}

function ms(us: number): string {
  return (us / 1000).toFixed(us < 10_000 ? 2 : 1)
}
