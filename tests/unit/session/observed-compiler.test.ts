import { expect, test } from 'vitest'
import { observedCompiler } from '../../../src/session/observed-compiler.js'
import type { CompileContext, CompiledText } from '../../../src/sql/compiled.js'

test('counts hits, misses and refusals, and measures the misses', () => {
  const counted: string[] = []
  let nowMs = 0
  const uses = [0, 1]
  const observed = observedCompiler(
    {
      compile: () => {
        nowMs += 5
        const next = uses.shift()
        if (next === undefined) throw new Error('refused')
        return { uses: next } as CompiledText
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
  expect(counted).toEqual(['miss', '0.005 s', 'hit', 'refused'])
})
