import { GatewayError } from '../core/errors.js'
import type { PlanCompiler } from '../sql/compile.js'
import type { CompileContext, CompiledText } from '../sql/compiled.js'
import { Plan } from '../sql/plan.js'
import type { CompileLane, CompileRequest } from './compile-lane.js'
import { INLINE_BYTES, QUICK_BYTES } from './compile-limits.js'

/** Compiles what sessions bring: at once where that is quickly done, else in a thread. */
export interface SessionCompiler {
  /**
   * Null: the text isn't known and takes too long to hold everybody up for; `request` it.
   *
   * Throws   what the compiler refuses it with
   */
  compile(text: Buffer, context: CompileContext): CompiledText | null
  /** Returns what withdraws the request. Throws COMPILER_BUSY. */
  request(request: CompileRequest): () => void
}

export interface GatewayCompilerOptions {
  readonly plans: PlanCompiler
  readonly maxTextBytes: number
  /** For what is done soon. */
  readonly quick: CompileLane
  readonly slow: CompileLane
}

/** By size: at once, in the thread of quick texts, in that of slow ones. What is too deep for this thread's stack is quick. */
export class GatewayCompiler implements SessionCompiler {
  readonly #options: GatewayCompilerOptions

  constructor(options: GatewayCompilerOptions) {
    this.#options = options
  }

  compile(text: Buffer, context: CompileContext): CompiledText | null {
    const { plans, maxTextBytes } = this.#options
    if (text.length > maxTextBytes) throw new GatewayError('STATEMENT_TOO_LARGE', { maxBytes: maxTextBytes })
    if (text.length > INLINE_BYTES) return plans.find(text, context) ?? null
    try {
      return plans.compile(text, context)
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'STATEMENT_TOO_COMPLEX') return null
      throw error
    }
  }

  request(request: CompileRequest): () => void {
    const { plans, quick, slow } = this.#options
    const { text, context, done } = request
    const lane = text.length > QUICK_BYTES ? slow : quick
    return lane.request({
      ...request,
      known: () => plans.find(text, context),
      done(outcome) {
        if ('plan' in outcome && outcome.plan instanceof Plan) plans.keep(text, context, outcome.plan)
        done(outcome)
      },
    })
  }

  async stop(): Promise<void> {
    await Promise.all([this.#options.quick.stop(), this.#options.slow.stop()])
  }
}
