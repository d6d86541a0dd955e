import { spawnSync } from 'node:child_process'
import { availableParallelism, loadavg } from 'node:os'
import type { BenchResult } from './bench-result.js'
import { measureCompiler } from './compiler-speed.js'
import { findProgram } from './find-program.js'
import { type CellResult, measureCell } from './measure.js'
import type { PeerName } from './peer.js'
import { type BenchStage, setBenchStage } from './stage.js'
import { type Cell, cellName } from './workload.js'

export interface BenchOptions {
  readonly cells: readonly Cell[]
  readonly peers: readonly PeerName[]
  /** Of each run of pgbench; whole ones. */
  readonly seconds: number
  readonly rounds: number
  /** What runs this program's command line: a program and its first arguments. */
  readonly command: readonly [string, ...string[]]
  /** Folder for a CPU profile of the gateway. */
  readonly profile: string | null
  /** Where programs are looked for, in the form of PATH. */
  readonly searchPath: string
  readonly version: string
  /** Told what is being measured. */
  readonly progress: (line: string) => void
  readonly signal: AbortSignal
}

/**
 * Measures everything in one run; nothing that was started is left behind.
 *
 * What isn't installed is left out and named in the result's notes.
 */
export async function runBench(options: BenchOptions): Promise<BenchResult> {
  const pgbench = findProgram('pgbench', options.searchPath)
  const pgbouncer = findProgram('pgbouncer', options.searchPath)
  const [load = 0] = loadavg()
  options.progress('starting PostgreSQL and what stands in front of it …')
  const stage = await setBenchStage({ ...options, wanted: options.peers, pgbouncer })
  try {
    const cells = pgbench === undefined ? [] : await measureAll(stage, pgbench, options)
    options.progress('the compiler alone …')
    return {
      date: new Date().toISOString(),
      cores: availableParallelism(),
      versions: {
        tenantgate: options.version,
        node: process.versions.node,
        postgresql: stage.databases.serverVersion,
        pgbouncer: stage.pgbouncerVersion,
        pgbench: pgbench === undefined ? null : versionOf(pgbench),
      },
      seconds: options.seconds,
      rounds: options.rounds,
      cells,
      compiler: await measureCompiler(stage.databases.operatorUrl, stage.policy),
      notes: [
        ...(pgbench === undefined ? [MISSING_PGBENCH] : []),
        ...(pgbouncer === undefined ? [MISSING_PGBOUNCER] : []),
        ...(load > BUSY_LOAD ? [busy(load)] : []),
      ],
    }
  } finally {
    await stage.end()
  }
}

const MISSING_PGBENCH =
  'pgbench is not installed (Debian package postgresql-contrib): only the compiler was measured.'
const MISSING_PGBOUNCER =
  'PgBouncer is not installed (Debian package pgbouncer): there is nothing to compare it with.'

/** Runnable threads, on average over the last minute, from which the machine has something else to do. */
const BUSY_LOAD = 0.5

function busy(load: number): string {
  return `The machine was at work when the run began (load ${load.toFixed(1)}): the numbers are too low, and the ratios rough.`
}

async function measureAll(
  stage: BenchStage,
  pgbench: string,
  options: BenchOptions,
): Promise<readonly CellResult[]> {
  const { seconds, rounds, signal } = options
  const { largeResultBytes } = stage.databases
  const results: CellResult[] = []
  for (const [index, cell] of options.cells.entries()) {
    options.progress(`${index + 1} of ${options.cells.length}: ${cellName(cell)} …`)
    results.push(await measureCell(cell, stage.peers, { pgbench, seconds, rounds, largeResultBytes, signal }))
  }
  return results
}

function versionOf(program: string): string {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return /\d+(\.\d+)+/.exec(stdout ?? '')?.[0] ?? 'unknown'
}
