import type { CompilerSpeed } from './compiler-speed.js'
import type { CellResult } from './measure.js'

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
  /** What was left out, and why. */
  readonly notes: readonly string[]
}
