import { beforeAll, describe, expect, test } from 'vitest'
import type { CompileLane, CompileRequest } from '../../../src/compiling/compile-lane.js'
import { INLINE_BYTES, QUICK_BYTES } from '../../../src/compiling/compile-limits.js'
import { GatewayCompiler } from '../../../src/compiling/gateway-compiler.js'
import { TenantId } from '../../../src/core/ids.js'
import { compileText, createCompiler } from '../../../src/sql/compile.js'
import { loadParser } from '../../../src/sql/parser.js'
import { CONTEXT } from '../../support/sql-world.js'

beforeAll(loadParser)

const LIMITS = { maxTextBytes: 1_000_000 }
const long = (bytes: number) => Buffer.from(`SELECT id FROM orders WHERE note = '${'x'.repeat(bytes)}'`)
const deep = Buffer.from(`SELECT ${'1+'.repeat(2_000)}1`)

function stage() {
  const asked: [string, CompileRequest][] = []
  const lane = (name: string): CompileLane =>
    ({
      request: (request: CompileRequest) => {
        asked.push([name, request])
        return () => {}
      },
      stop: async () => {},
    }) as unknown as CompileLane
  const plans = createCompiler({ ...LIMITS, maxPlans: 100, maxPlanBytes: 10_000_000 })
  const compiler = new GatewayCompiler({ ...LIMITS, plans, quick: lane('quick'), slow: lane('slow') })
  const request = (text: Buffer) => {
    const outcomes: unknown[] = []
    const tenant = TenantId.of('acme')
    const done = (outcome: unknown) => outcomes.push(outcome)
    compiler.request({ text, context: CONTEXT, tenant, tenants: [tenant], done })
    return outcomes
  }
  return { asked, compiler, request }
}

describe('a text', () => {
  test('that is small is compiled at once, and refused at once', () => {
    const { compiler } = stage()
    expect(compiler.compile(Buffer.from('SELECT id FROM orders'), CONTEXT)?.statements).toHaveLength(1)
    expect(() => compiler.compile(Buffer.from('SELECT * FROM nowhere'), CONTEXT)).toThrow('nowhere')
  })

  test('that is too large for every thread is refused at once', () => {
    const { compiler } = stage()
    expect(() => compiler.compile(long(1_000_000), CONTEXT)).toThrow(
      expect.objectContaining({ code: 'STATEMENT_TOO_LARGE' }),
    )
  })

  test.each([
    ['large', long(INLINE_BYTES), 'quick'],
    ['very large', long(QUICK_BYTES), 'slow'],
    ['too deep for the stack of a process', deep, 'quick'],
  ])('that is %s is for a thread', (_title, text, name) => {
    const { asked, compiler, request } = stage()
    expect(compiler.compile(text, CONTEXT)).toBeNull()
    request(text)
    expect(asked.map(([lane]) => lane)).toEqual([name])
  })

  test('that a thread has compiled is known from then on, to those who wait as well', () => {
    const { asked, compiler, request } = stage()
    const text = long(INLINE_BYTES)
    const outcomes = request(text)
    request(text)
    const [first, second] = asked.map(([, asking]) => asking)
    expect(second?.known?.()).toBeUndefined()
    const plan = compileText(text, CONTEXT, LIMITS)
    first?.done({ plan })
    expect(outcomes).toEqual([{ plan }])
    expect(second?.known?.()).toBe(plan)
    expect(compiler.compile(text, CONTEXT)).toBe(plan)
  })

  test('that a thread has refused is asked for again', () => {
    const { asked, compiler, request } = stage()
    const error = new Error('refused')
    const outcomes = request(deep)
    asked[0]?.[1].done({ error })
    expect(outcomes).toEqual([{ error }])
    expect(compiler.compile(deep, CONTEXT)).toBeNull()
  })
})
