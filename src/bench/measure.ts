import { importedRows, runCopies } from './copying.js'
import type { Peer, PeerName } from './peer.js'
import { type LoadRun, type PgbenchOptions, runPgbench } from './pgbench.js'
import { processMemory, resetPeak } from './process-memory.js'
import { processorTimeUs } from './processor-time.js'
import { median } from './statistics.js'
import { type Cell, type Load, type QueryMode, scriptOf } from './workload.js'

/** What one peer gives in one cell: the median of its rounds. `unit`s are the workload's. */
export interface Measurement {
  readonly unitsPerSecond: number
  readonly p50Us: number
  readonly p99Us: number
  /** Processor time of the process in the middle for one unit; null without one, or where it can't be known. */
  readonly middleUsPerUnit: number | null
  /** By how much the process in the middle grew at most while it ran; null as above. */
  readonly grewMB: number | null
  /** How far the rounds lie apart: (greatest − least) ÷ median of the units per second. */
  readonly spread: number
  /** The mode that stood in for one that the peer can't do. */
  readonly insteadOf: QueryMode | null
}

/** Why a peer gives nothing in a cell. */
export interface Failure {
  readonly failure: string
}

export interface CellResult {
  readonly cell: Cell
  readonly peers: Readonly<Partial<Record<PeerName, Measurement | Failure>>>
}

export interface MeasureOptions {
  readonly pgbench: string
  /** Undefined where it isn't installed. */
  readonly psql: string | undefined
  readonly seconds: number
  readonly rounds: number
  /** Size of one run of a workload that is measured in MB. */
  readonly bytes: Readonly<Record<Load, number>>
  readonly signal: AbortSignal
}

/** Enough for the just-in-time compiler and the caches of plans. */
const WARM_UP_SECONDS = 1

/** Who has a just-in-time compiler. */
const WARMED_UP: ReadonlySet<PeerName> = new Set(['relay', 'tenantgate'])

interface Round {
  readonly unitsPerSecond: number
  readonly p50Us: number
  readonly p99Us: number
  readonly middleUsPerUnit: number | null
  readonly grewMB: number | null
}

/** A peer's rounds in one cell. */
class Series {
  readonly peer: Peer
  readonly #cell: Cell
  readonly #rounds: Round[] = []
  #failure: Failure | null = null

  constructor(cell: Cell, peer: Peer) {
    this.#cell = cell
    this.peer = peer
  }

  /** A peer that failed once isn't asked again: half a result would look like a whole one. */
  async measure(options: MeasureOptions, isWarmUp: boolean): Promise<void> {
    if (this.#failure !== null) return
    try {
      const seconds = isWarmUp ? Math.min(WARM_UP_SECONDS, options.seconds) : options.seconds
      const round = await measureOnce(this.#cell, this.peer, { ...options, seconds })
      if (!isWarmUp) this.#rounds.push(round)
    } catch (error) {
      options.signal.throwIfAborted()
      // a machine that has much else to do may come to nothing while it warms up
      if (isWarmUp) return
      this.#failure = { failure: error instanceof Error ? error.message : String(error) }
    }
  }

  result(): Measurement | Failure {
    const { mode } = this.#cell
    return (
      this.#failure ?? {
        ...summary(this.#rounds),
        insteadOf: modeFor(this.peer, mode) === mode ? null : mode,
      }
    )
  }
}

/** Measures a cell with every peer in turn, round by round, so that whatever disturbs the machine disturbs all alike. */
export async function measureCell(
  cell: Cell,
  peers: readonly Peer[],
  options: MeasureOptions,
): Promise<CellResult> {
  const series = peers.map((peer) => new Series(cell, peer))
  for (let round = 0; round <= options.rounds; round++) {
    for (const one of series)
      if (round > 0 || WARMED_UP.has(one.peer.name)) await one.measure(options, round === 0)
  }
  return { cell, peers: Object.fromEntries(series.map((one) => [one.peer.name, one.result()])) }
}

/** PgBouncer before 1.21 can't hold a client's prepared statements: it gets the mode that comes closest. */
function modeFor({ prepares }: Peer, mode: QueryMode): QueryMode {
  return mode === 'prepared' && !prepares ? 'extended' : mode
}

async function measureOnce(cell: Cell, peer: Peer, options: MeasureOptions): Promise<Round> {
  const before = stateOf(peer)
  const run = await runLoad(cell, peer, options)
  const after = stateOf(peer)
  const { unit, load } = cell.workload
  const unitsEach = unit === 'MB' ? options.bytes[load] / 1e6 : 1
  return {
    unitsPerSecond: run.perSecond * unitsEach,
    p50Us: run.p50Us,
    p99Us: run.p99Us,
    middleUsPerUnit:
      before.processorUs === null || after.processorUs === null
        ? null
        : (after.processorUs - before.processorUs) / (run.transactions * unitsEach),
    grewMB:
      before.memory === null || after.memory === null
        ? null
        : (after.memory.peakKB - before.memory.kB) / 1024,
  }
}

function stateOf({ pid }: Peer) {
  if (pid === null) return { processorUs: null, memory: null }
  const memory = processMemory(pid)
  resetPeak(pid)
  return { processorUs: processorTimeUs(pid), memory }
}

async function runLoad(cell: Cell, peer: Peer, options: MeasureOptions): Promise<LoadRun> {
  const { load } = cell.workload
  if (load === 'pgbench') return runPgbench(await pgbenchOptions(cell, peer, options))
  if (options.psql === undefined) throw new Error('psql is not installed')
  return runCopies({
    program: options.psql,
    credentials: peer.credentials,
    script: await scriptOf(cell.workload, peer.scoping),
    rows: load === 'copy out' ? null : importedRows(peer.scoping === 'application' ? 'acme' : null),
    seconds: options.seconds,
    signal: options.signal,
  })
}

async function pgbenchOptions(cell: Cell, peer: Peer, options: MeasureOptions): Promise<PgbenchOptions> {
  return {
    program: options.pgbench,
    credentials: peer.credentials,
    script: await scriptOf(cell.workload, peer.scoping),
    mode: modeFor(peer, cell.mode),
    clients: cell.clients,
    reconnects: cell.workload.unit === 'connections',
    seconds: options.seconds,
    signal: options.signal,
  }
}

function summary(rounds: readonly Round[]): Omit<Measurement, 'insteadOf'> {
  const rates = rounds.map((round) => round.unitsPerSecond)
  const processor = rounds.flatMap((round) => (round.middleUsPerUnit === null ? [] : [round.middleUsPerUnit]))
  const growth = rounds.flatMap((round) => (round.grewMB === null ? [] : [round.grewMB]))
  return {
    unitsPerSecond: median(rates),
    p50Us: median(rounds.map((round) => round.p50Us)),
    p99Us: median(rounds.map((round) => round.p99Us)),
    middleUsPerUnit: processor.length === 0 ? null : median(processor),
    grewMB: growth.length === 0 ? null : Math.max(...growth),
    spread: (Math.max(...rates) - Math.min(...rates)) / median(rates),
  }
}
