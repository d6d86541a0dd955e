import { spawnSync } from 'node:child_process'
import { availableParallelism, loadavg } from 'node:os'
import type { BenchResult } from './bench-result.js'
import { measureCompiler } from './compiler-speed.js'
import { importedRows } from './copying.js'
import { findProgram } from './find-program.js'
import { measureIdle } from './idle-connections.js'
import { type CellResult, measureCell } from './measure.js'
import { measureNeighbour } from './noisy-neighbour.js'
import type { Peer, PeerName } from './peer.js'
import { type BenchStage, setBenchStage } from './stage.js'
import { type Cell, cellName } from './workload.js'

/** Idle connections, and the noisy neighbour. */
export const EXTRAS = ['idle', 'neighbour'] as const
export type Extra = (typeof EXTRAS)[number]

export interface BenchOptions {
  readonly cells: readonly Cell[]
  readonly peers: readonly PeerName[]
  /** What is measured beside the cells. */
  readonly extras: readonly Extra[]
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
  const stage = await setBenchStage({
    ...options,
    wanted: options.peers,
    pgbouncer,
    largeRows: options.cells.some(isLarge) ? LARGE_ROWS : 1,
  })
  try {
    const cells = pgbench === undefined ? [] : await measureAll(stage, pgbench, options)
    const extras = await measureExtras(stage, pgbench, options)
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
      ...extras,
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

/** They take longer to make than all else; whoever doesn't read them needn't have them. */
const LARGE_ROWS = 1_000_000

function isLarge({ workload }: Cell): boolean {
  return workload.unit === 'MB' && workload.load !== 'copy in'
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
  const { largeResultBytes, copiedBytes } = stage.databases
  const bytes = { pgbench: largeResultBytes, 'copy out': copiedBytes, 'copy in': importedRows(null).length }
  const psql = findProgram('psql', options.searchPath)
  const results: CellResult[] = []
  for (const [index, cell] of options.cells.entries()) {
    options.progress(`${index + 1} of ${options.cells.length}: ${cellName(cell)} …`)
    results.push(await measureCell(cell, stage.peers, { pgbench, psql, seconds, rounds, bytes, signal }))
  }
  return results
}

/** Peers that are nobody's pool have no idle clients, and no neighbours. */
const WITH_IDLE: ReadonlySet<PeerName> = new Set(['pgbouncer', 'relay', 'tenantgate'])
const WITH_NEIGHBOUR: ReadonlySet<PeerName> = new Set(['direct', 'pgbouncer', 'tenantgate'])

async function measureExtras(
  stage: BenchStage,
  pgbench: string | undefined,
  { extras, seconds, signal, progress }: BenchOptions,
): Promise<Pick<BenchResult, 'idle' | 'neighbour'>> {
  const ofPeers = async <T>(names: ReadonlySet<PeerName>, measure: (peer: Peer) => Promise<T>) => {
    const results: [PeerName, T][] = []
    for (const peer of stage.peers) if (names.has(peer.name)) results.push([peer.name, await measure(peer)])
    return Object.fromEntries(results) as Partial<Record<PeerName, T>>
  }
  if (extras.includes('neighbour')) progress('a noisy neighbour …')
  const neighbour =
    extras.includes('neighbour') && pgbench !== undefined
      ? await ofPeers(WITH_NEIGHBOUR, (peer) => measureNeighbour(peer, { pgbench, seconds, signal }))
      : null
  if (extras.includes('idle')) progress('5,000 idle connections …')
  const idle = extras.includes('idle') ? await ofPeers(WITH_IDLE, (peer) => measureIdle(peer, signal)) : null
  return { idle, neighbour }
}

function versionOf(program: string): string {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return /\d+(\.\d+)+/.exec(stdout ?? '')?.[0] ?? 'unknown'
}
