import type { SessionCompiler } from '../compiling/gateway-compiler.js'
import type { Clock } from '../core/clock.js'
import type { Metrics } from '../metrics/metrics.js'
import type { CompileContext, CompiledText } from '../sql/compiled.js'

/** A compiler that counts what becomes of each text, and measures those that were not in its cache. */
export function observedCompiler(
  compiler: SessionCompiler,
  metrics: Pick<Metrics, 'compilation' | 'compileSeconds'>,
  clock: Clock,
): SessionCompiler {
  return {
    compile(text, context) {
      const startMs = clock.monotonicMs()
      const compiled = compileOrCount(text, context)
      if (compiled === null) return null
      if (compiled.uses > 0) metrics.compilation('hit')
      else missed(startMs)
      return compiled
    },
    request(request) {
      const startMs = clock.monotonicMs()
      return compiler.request({
        ...request,
        done(outcome) {
          if ('plan' in outcome) missed(startMs)
          else metrics.compilation('refused')
          request.done(outcome)
        },
      })
    },
  }

  function compileOrCount(text: Buffer, context: CompileContext): CompiledText | null {
    try {
      return compiler.compile(text, context)
    } catch (error) {
      metrics.compilation('refused')
      throw error
    }
  }

  function missed(startMs: number): void {
    metrics.compilation('miss')
    metrics.compileSeconds((clock.monotonicMs() - startMs) / 1_000)
  }
}
