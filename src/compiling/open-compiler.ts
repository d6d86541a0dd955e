import { totalmem } from 'node:os'
import type { ProgramEntry } from '../core/program-entry.js'
import { type CompilerOptions, createCompiler } from '../sql/compile.js'
import { CompileLane } from './compile-lane.js'
import { STACK_MB, statementMemory, THREAD_MAX_NESTING } from './compile-limits.js'
import { THREAD_ENTRY, ThreadWorker } from './compile-worker.js'
import { GatewayCompiler } from './gateway-compiler.js'

export interface OpenCompilerOptions extends CompilerOptions {
  readonly entry?: ProgramEntry
}

const START_MS = 60_000
const COMPILE_MS = 30_000
const WAIT_MS = 30_000
const MAX_WAITING_PER_TENANT = 64
const KEPT_BYTES = 320 * 2 ** 20

/** The compiler of a gateway with its threads; they start when they are needed. `loadParser` has to have been awaited. */
export function openCompiler(options: OpenCompilerOptions): GatewayCompiler {
  const { maxTextBytes, entry = THREAD_ENTRY } = options
  const { maxTokens, heapMb } = statementMemory(availableBytes())
  const start = () =>
    new ThreadWorker({
      entry,
      limits: { maxTextBytes, maxTokens, maxNesting: THREAD_MAX_NESTING },
      stackMb: STACK_MB,
      heapMb,
      startMs: START_MS,
      compileMs: COMPILE_MS,
      keptBytes: KEPT_BYTES,
    })
  const lane = () => new CompileLane({ start, maxWaiting: MAX_WAITING_PER_TENANT, waitMs: WAIT_MS })
  return new GatewayCompiler({ plans: createCompiler(options), maxTextBytes, quick: lane(), slow: lane() })
}

/** Of the machine, or of the container. */
function availableBytes(): number {
  const limit = process.constrainedMemory() ?? 0
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}
