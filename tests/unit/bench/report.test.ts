import { describe, expect, test } from 'vitest'
import type { BenchResult } from '../../../src/bench/bench-result.js'
import { goalsTable } from '../../../src/bench/goals.js'
import type { Measurement } from '../../../src/bench/measure.js'
import { performanceChart } from '../../../src/bench/performance-chart.js'
import { performancePage } from '../../../src/bench/performance-page.js'
import { reportNotes, reportTables } from '../../../src/bench/report.js'
import { cellsOf } from '../../../src/bench/workload.js'

const measured = (unitsPerSecond: number, more: Partial<Measurement> = {}): Measurement => ({
  unitsPerSecond,
  p50Us: 500,
  p99Us: 12_345,
  middleUsPerUnit: null,
  grewMB: null,
  spread: 0.1,
  insteadOf: null,
  ...more,
})

const cells = cellsOf('point-read/prepared/16').map((cell) => ({
  cell,
  peers: {
    direct: measured(40_000),
    pgbouncer: measured(20_000, { middleUsPerUnit: 16, insteadOf: 'prepared' as const }),
    rowSecurity: { failure: 'pgbench: no such thing' },
    relay: measured(18_000, { middleUsPerUnit: 25 }),
    tenantgate: measured(15_000, { middleUsPerUnit: 32, spread: 0.25 }),
  },
}))

const result: BenchResult = {
  date: '2026-01-02T03:04:05.000Z',
  cores: 2,
  versions: {
    tenantgate: '0.1.0',
    node: '20.20.0',
    postgresql: '18.0',
    pgbouncer: '1.18.0',
    pgbench: '15.1',
  },
  seconds: 4,
  rounds: 3,
  cells,
  compiler: {
    cachedPointReadUs: 1.234,
    cachedOrmQueryUs: 2.5,
    uncachedPointReadUs: 80.4,
    uncachedOrmQueryUs: 410,
  },
  idle: { tenantgate: { connections: 5000, kBEach: 14.81 }, pgbouncer: { failure: 'too many files' } },
  neighbour: {
    tenantgate: { aloneP50Us: 300, aloneP99Us: 2000, besideP50Us: 400, besideP99Us: 5000 },
  },
  notes: [],
}

describe('the report', () => {
  const [throughput, latency, processor, idle, neighbour, compiler] = reportTables(result)

  test('divides the gateway by the others, and nothing by a failure', () => {
    expect(throughput?.rows).toEqual([
      [
        'point read',
        'prepared',
        '16',
        '40,000',
        '20,000 *',
        'failed',
        '18,000',
        '15,000',
        '0.38',
        '0.75',
        '–',
      ],
    ])
    const same = ['0.50 / 12.3', '0.50 / 12.3']
    expect(latency?.rows[0]?.slice(3)).toEqual(['0.50 / 12.3', '0.50 / 12.3 *', 'failed', ...same])
    expect(processor?.rows[0]?.slice(3)).toEqual(['16.0 *', 'failed', '25.0', '32.0', '2.00', '–', '1.28'])
    expect(idle?.rows).toEqual([
      ['PgBouncer', 'failed'],
      ['tenantgate', '14.8'],
    ])
    expect(neighbour?.rows).toEqual([['tenantgate', '0.30 / 2.00', '0.40 / 5.00', '2.5']])
    expect(compiler?.rows[0]).toEqual(['point read', '1.23', '80'])
  })

  test('says what stood in, what failed, and how far the rounds lie apart', () => {
    const notes = reportNotes(result).join('\n')
    expect(notes).toContain('PgBouncer 1.18.0 can’t pool prepared statements')
    expect(notes).toContain(
      'PgBouncer + RLS failed at point read, prepared, 16 clients: pgbench: no such thing',
    )
    expect(notes).toContain('at most 25 % apart (point read, prepared, 16 clients)')
  })

  test('is the compiler alone where pgbench is missing', () => {
    const tables = reportTables({ ...result, cells: [], idle: null, neighbour: null })
    expect(tables.map(({ title }) => title)).toEqual([compiler?.title])
  })
})

test('the goals say what was reached, of what was measured', () => {
  expect(goalsTable(result).rows).toEqual([
    ['point read, prepared, 16 clients ÷ PgBouncer', '≥ 1', '0.75', 'no'],
    ['p99 beside a noisy neighbour ÷ alone', '≤ 1.5', '2.5', 'no'],
  ])
})

test('the chart has a bar for each peer beside PgBouncer, and none for a failure', () => {
  const chart = performanceChart(result)
  expect(chart).toContain('point read, prepared, 16')
  expect([...chart.matchAll(/<rect class="\w+" x="330"/g)].map(([bar]) => bar)).toEqual([
    '<rect class="relay" x="330"',
    '<rect class="tenantgate" x="330"',
  ])
})

test('the page tells how it was made', () => {
  const page = performancePage(result)
  expect(page).toContain('| point read | prepared | 16 | 40,000 |')
  expect(page).toContain('- 2026-01-02, 2 cores')
  expect(page).toContain('PostgreSQL 18.0, PgBouncer 1.18.0, pgbench 15.1')
  expect(page).toContain('median of 3 rounds of 4 s')
})
