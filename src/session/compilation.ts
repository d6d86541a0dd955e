import type { Policy } from '../policy/policy.js'
import type { Snapshot } from '../schema/snapshot.js'
import type { CompiledText, VerifiedSql } from '../sql/compiled.js'

/** A text as compiled for this session, and all that it depends on. */
export interface Compilation {
  /** Whose it is. */
  readonly account: string
  readonly text: Buffer
  readonly parameterTypes: readonly number[]
  readonly compiled: CompiledText
  readonly sql: VerifiedSql
  readonly snapshot: Snapshot
  readonly policy: Policy
  readonly searchPath: readonly string[]
  readonly temporaries: readonly string[]
  readonly hasPrepared: boolean
  readonly protocol: 'simple' | 'extended'
  /** How its literals were read when it was compiled; null where that wasn't known. */
  readonly reading: string | null
  /** What literals mean: how they are read, and the moment, where one says `now`. */
  readonly meaning: string
}
