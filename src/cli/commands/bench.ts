import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InvalidArgumentError } from 'commander'
import type { BenchResult } from '../../bench/bench-result.js'
import { PEER_NAMES } from '../../bench/peer.js'
import { performanceChart } from '../../bench/performance-chart.js'
import { performancePage } from '../../bench/performance-page.js'
import { reportNotes, reportTables } from '../../bench/report.js'
import { EXTRAS, runBench } from '../../bench/run-bench.js'
import { cellsOf } from '../../bench/workload.js'
import { examples, type Registration } from '../command.js'
import { CommandError } from '../exit.js'
import { table } from '../table.js'
import { version } from '../version.js'

interface BenchOptions {
  readonly seconds: number
  readonly rounds: number
  readonly only?: string
  readonly peers: readonly string[]
  readonly profile?: string
  readonly json?: true
  readonly writeDocs?: true
}

const PAGE = 'docs/performance.md'
const CHART = 'docs/performance.svg'
const MAIN = fileURLToPath(new URL('../main.js', import.meta.url))

/** Measures this machine's gateway against the ways around it; starts and stops everything it needs. */
export const bench: Registration = (program, { terminal }) => {
  const command = program
    .command('bench')
    .description('measure the gateway beside PgBouncer, row-level security and no middle at all')
    .option('--seconds <number>', 'length of each measurement', wholeNumber, 4)
    .option('--rounds <number>', 'measurements of which the median is taken', wholeNumber, 3)
    .option('--only <text>', 'only rows whose name contains it, such as point-read/prepared/16')
    .option('--peers <names...>', `some of ${PEER_NAMES.join(', ')}`, [...PEER_NAMES])
    .option('--profile <folder>', 'write a CPU profile of the gateway, for the tools of a browser')
    .option('--json', 'as JSON')
    .option('--write-docs', `write ${PAGE} and ${CHART}`)
  examples(command, 'bench', 'bench --only point-read/prepared --seconds 10', 'bench --json').action(
    async (options: BenchOptions) => {
      const stopped = new AbortController()
      void terminal.untilStopped().then(() => stopped.abort())
      const result = await runBench({
        ...chosenWork(options.only),
        peers: chosenPeers(options.peers),
        seconds: options.seconds,
        rounds: options.rounds,
        command: [process.execPath, MAIN],
        profile: options.profile === undefined ? null : resolve(options.profile),
        searchPath: terminal.variables.PATH ?? '',
        version: version(),
        progress: (line) => terminal.error(line),
        signal: stopped.signal,
      })
      if (options.writeDocs) {
        await writeFile(PAGE, performancePage(result))
        await writeFile(CHART, performanceChart(result))
      }
      terminal.out(options.json ? JSON.stringify(result, null, 2) : text(result))
    },
  )
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new InvalidArgumentError('expected a whole number from 1')
  return Number(value)
}

function chosenWork(only: string | undefined) {
  const cells = cellsOf(only)
  const extras = EXTRAS.filter((extra) => only === undefined || extra.includes(only))
  if (cells.length + extras.length === 0) throw new CommandError(`no row's name contains ${only}`, 2)
  return { cells, extras }
}

function chosenPeers(names: readonly string[]) {
  const unknown = names.find((name) => !PEER_NAMES.some((known) => known === name))
  if (unknown !== undefined) throw new CommandError(`${unknown} is none of ${PEER_NAMES.join(', ')}`, 2)
  return PEER_NAMES.filter((name) => names.includes(name))
}

function text(result: BenchResult): string {
  const tables = reportTables(result).map(
    ({ title, headings, rows }) => `${title}\n\n${table(headings, rows)}`,
  )
  return [...tables, ...reportNotes(result)].join('\n\n')
}
