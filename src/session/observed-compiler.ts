import type { Clock } from '../core/clock.js'
import type { Metrics } from '../metrics/metrics.js'
import type { CompileContext, CompiledText, Compiler } from '../sql/compiled.js'

/** A compiler that counts what becomes of each text, and measures those that were not in its cache. */
export function observedCompiler(
  compiler: Compiler,
  metrics: Pick<Metrics, 'compilation' | 'compileSeconds'>,
  clock: Clock,
): Compiler {
  return {
    compile(text, context) {
      const startMs = clock.monotonicMs()
      const compiled = compileOrCount(text, context)
      if (compiled.uses > 0) metrics.compilation('hit')
      else {
        metrics.compilation('miss')
        metrics.compileSeconds((clock.monotonicMs() - startMs) / 1_000)
      }
      return compiled
    },
  }

  function compileOrCount(text: Buffer, context: CompileContext): CompiledText {
    try {
      return compiler.compile(text, context)
    } catch (error) {
      metrics.compilation('refused')
      throw error
    }
  }
}
