import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createCompiler } from '../../../src/sql/compile.js'
import type { CompileContext } from '../../../src/sql/compiled.js'
import { loadParser } from '../../../src/sql/parser.js'
import { planKey } from '../../../src/sql/plan-cache.js'
import { CONTEXT, POLICY, SNAPSHOT } from '../../support/sql-world.js'

beforeAll(loadParser)

const TEXT = Buffer.from('SELECT 1')

describe('planKey', () => {
  test.each<[string, Partial<CompileContext>]>([
    ['the schema', { snapshot: { ...SNAPSHOT, generation: 2 } }],
    ['the policy', { policy: { ...POLICY, generation: 2 } }],
    ['the kind of login', { kind: 'reader' }],
    ['the search path', { searchPath: ['archive'] }],
    ['the order of the search path', { searchPath: ['archive', 'public'] }],
    ['an empty search path', { searchPath: [] }],
    ['the types of parameters', { parameterTypes: [25] }],
    ['the number of types', { parameterTypes: [0] }],
    ['the protocol', { protocol: 'extended' }],
  ])('differs by %s', (_title, change) => {
    expect(planKey(TEXT, { ...CONTEXT, ...change })).not.toBe(planKey(TEXT, CONTEXT))
  })

  test('is equal only for what is equal in everything', () => {
    fc.assert(
      fc.property(input(), input(), (a, b) => {
        const isSame = JSON.stringify(a) === JSON.stringify(b)
        expect(keyOf(a) === keyOf(b)).toBe(isSame)
      }),
      { numRuns: 3000 },
    )
  })

  test('differs by each byte of the text', () => {
    const key = (text: string) => planKey(Buffer.from(text), CONTEXT)
    const texts = ['SELECT 1', 'SELECT  1', 'select 1', 'SELECT 1 ', "SELECT 'ä'", "SELECT 'Ã¤'", '']
    expect(new Set(texts.map(key)).size).toBe(texts.length)
  })
})

interface Input {
  readonly text: string
  readonly kind: 'app' | 'reader'
  readonly searchPath: readonly string[]
  readonly parameterTypes: readonly number[]
  readonly generation: number
}

/** Small and full of the key's own separators. */
function input(): fc.Arbitrary<Input> {
  const piece = fc.constantFrom('a', '/', ',', '1', '[', ']', '"', ' ')
  return fc.record({
    text: fc.string({ unit: piece, maxLength: 3 }),
    kind: fc.constantFrom('app', 'reader'),
    searchPath: fc.array(fc.string({ unit: piece, maxLength: 2 }), { maxLength: 2 }),
    parameterTypes: fc.array(fc.constantFrom(0, 1, 11), { maxLength: 2 }),
    generation: fc.constantFrom(1, 11),
  })
}

function keyOf({ text, generation, ...context }: Input): string {
  return planKey(Buffer.from(text), { ...CONTEXT, ...context, snapshot: { ...SNAPSHOT, generation } })
}

describe('the cache', () => {
  test('gives the same plan again, and counts its uses', () => {
    const compiler = createCompiler({ maxTextBytes: 1000, maxPlans: 10, maxPlanBytes: 10_000 })
    const first = compiler.compile(TEXT, CONTEXT)
    expect(first.uses).toBe(0)
    expect(compiler.compile(Buffer.from(TEXT), CONTEXT)).toBe(first)
    expect(first.uses).toBe(1)
  })

  test('keeps no more plans than it may', () => {
    const compiler = createCompiler({ maxTextBytes: 1000, maxPlans: 2, maxPlanBytes: 10_000 })
    const texts = ['a', 'b', 'c'].map((name) => Buffer.from(`SELECT id AS ${name} FROM orders`))
    const plans = texts.map((text) => compiler.compile(text, CONTEXT))
    expect(compiler.compile(texts[2] ?? TEXT, CONTEXT)).toBe(plans[2])
    expect(compiler.compile(texts[0] ?? TEXT, CONTEXT)).not.toBe(plans[0])
  })

  test('keeps no text that is larger than all plans may be together', () => {
    const compiler = createCompiler({ maxTextBytes: 10_000, maxPlans: 10, maxPlanBytes: 500 })
    const long = Buffer.from(`SELECT ${'id, '.repeat(300)}id FROM orders`)
    expect(compiler.compile(long, CONTEXT)).not.toBe(compiler.compile(long, CONTEXT))
  })

  test('keeps no refusal', () => {
    const compiler = createCompiler({ maxTextBytes: 1000, maxPlans: 10, maxPlanBytes: 10_000 })
    const text = Buffer.from('SELECT * FROM countries')
    const denied = { ...POLICY, relations: new Map() }
    expect(() => compiler.compile(text, { ...CONTEXT, policy: denied })).toThrow('not available')
    expect(compiler.compile(text, CONTEXT).statements).toHaveLength(1)
  })

  test('makes a plan anew for another generation of the schema', () => {
    const compiler = createCompiler({ maxTextBytes: 1000, maxPlans: 10, maxPlanBytes: 10_000 })
    const text = Buffer.from('SELECT * FROM orders')
    compiler.compile(text, CONTEXT)
    const snapshot = { ...SNAPSHOT, generation: 2, relations: new Map() }
    expect(() => compiler.compile(text, { ...CONTEXT, snapshot })).toThrow('not available')
  })
})
