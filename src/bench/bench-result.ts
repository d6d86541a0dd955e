import type { CompilerSpeed } from './compiler-speed.js'
import type { IdleCost } from './idle-connections.js'
import type { CellResult, Failure } from './measure.js'
import type { NeighbourResult } from './noisy-neighbour.js'
import type { PeerName } from './peer.js'

/** What peers gave, or why they didn't. */
export type ByPeer<T> = Readonly<Partial<Record<PeerName, T | Failure>>>

/** One run of the benchmark on one machine. */
export interface BenchResult {
  /** ISO 8601, UTC. */
  readonly date: string
  readonly cores: number
  readonly versions: {
    readonly tenantgate: string
    readonly node: string
    readonly postgresql: string
    /** Null where it isn't installed. */
    readonly pgbouncer: string | null
    readonly pgbench: string | null
  }
  readonly seconds: number
  readonly rounds: number
  readonly cells: readonly CellResult[]
  readonly compiler: CompilerSpeed
  /** Null where it wasn't asked for. */
  readonly idle: ByPeer<IdleCost> | null
  readonly neighbour: ByPeer<NeighbourResult> | null
  /** What was left out, and why. */
  readonly notes: readonly string[]
}
