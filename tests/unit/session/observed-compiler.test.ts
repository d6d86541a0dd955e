import { expect, test } from 'vitest'
import type { CompileOutcome } from '../../../src/compiling/compile-worker.js'
import { observedCompiler } from '../../../src/session/observed-compiler.js'
import type { CompileContext, CompiledText } from '../../../src/sql/compiled.js'

test('counts hits, misses and refusals, and measures the misses', () => {
  const counted: string[] = []
  let nowMs = 0
  const uses = [0, 1]
  let next: CompileOutcome = { plan: { uses: 0 } as CompiledText }
  const observed = observedCompiler(
    {
      compile: () => {
        nowMs += 5
        const next = uses.shift()
        if (next === undefined) throw new Error('refused')
        return { uses: next } as CompiledText
      },
      request: ({ done }) => {
        nowMs += 7
        done(next)
        return () => {}
      },
    },
    {
      compilation: (outcome) => counted.push(outcome),
      compileSeconds: (seconds) => counted.push(`${seconds} s`),
    },
    { now: () => 0, monotonicMs: () => nowMs },
  )
  const compile = () => observed.compile(Buffer.from('SELECT 1'), {} as CompileContext)
  compile()
  compile()
  expect(compile).toThrow('refused')
  expect(counted.splice(0)).toEqual(['miss', '0.005 s', 'hit', 'refused'])
  const request = { text: Buffer.alloc(0), context: {} as CompileContext, tenant: 'acme', tenants: [] }
  observed.request({ ...request, done: (outcome) => expect(outcome).toBe(next) })
  next = { error: new Error('refused') }
  observed.request({ ...request, done: (outcome) => expect(outcome).toBe(next) })
  expect(counted).toEqual(['miss', '0.007 s', 'refused'])
})
