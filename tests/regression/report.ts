import { writeFileSync } from 'node:fs'
import type { Verdict } from './observation.js'
import { ruleOf } from './rules.js'
import type { FileReport } from './run-file.js'

export interface Summary {
  /** Statements of the kinds that are counted which touch declared tables. */
  readonly touching: number
  readonly passed: number
  readonly refused: number
  readonly excluded: number
  readonly different: number
  /** Statements beside those: without a declared table, cursors, and what a session leaves. */
  readonly beside: number
}

const PASSED: ReadonlySet<Verdict> = new Set(['same', 'same error'])

export function summaryOf(reports: readonly FileReport[]): Summary {
  const outcomes = reports.flatMap((report) => report.outcomes)
  const counted = outcomes.filter(({ counts }) => counts)
  const number = (wanted: (verdict: Verdict) => boolean) =>
    counted.filter(({ verdict }) => wanted(verdict)).length
  return {
    touching: counted.length,
    passed: number((verdict) => PASSED.has(verdict)),
    refused: number((verdict) => verdict === 'refused'),
    excluded: number((verdict) => verdict === 'excluded'),
    different: outcomes.filter(({ verdict }) => verdict === 'different' || verdict === 'leak').length,
    beside: outcomes.length - counted.length,
  }
}

/** One line a file, and one for all. */
export function tableOf(reports: readonly FileReport[]): string {
  const head = ['file', 'touching', 'passed', 'refused', 'excluded', 'different', 'beside']
  const line = (name: string, some: readonly FileReport[]) => {
    const { touching, passed, refused, excluded, different, beside } = summaryOf(some)
    return [name, ...[touching, passed, refused, excluded, different, beside].map(String)]
  }
  const rows = [head, ...reports.map((report) => line(report.file, [report])), line('all', reports)]
  const table = rows.map((cells) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(24) : cell.padStart(10))).join(''),
  )
  return [...table, '', ...refusals(reports)].join('\n')
}

/** How often each rule refused a statement that counts. */
function refusals(reports: readonly FileReport[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { outcomes } of reports) {
    for (const { verdict, counts: isCounted, detail } of outcomes) {
      const rule = verdict === 'refused' && isCounted ? (ruleOf(detail) ?? detail) : null
      if (rule !== null) counts.set(rule, (counts.get(rule) ?? 0) + 1)
    }
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([rule, count]) => `${String(count).padStart(6)}  ${rule}`)
}

/** Everything that isn't simply the same, and the numbers. */
export function writeReport(path: string, reports: readonly FileReport[]): void {
  const files = reports.map((report) => ({
    file: report.file,
    ...summaryOf([report]),
    divergences: report.divergences,
    outcomes: report.outcomes.filter(({ verdict, detail }) => verdict !== 'same' && detail !== ''),
  }))
  writeFileSync(path, JSON.stringify({ all: summaryOf(reports), files }, null, 2))
}
