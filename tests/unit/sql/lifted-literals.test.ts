import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { TenantId } from '../../../src/core/ids.js'
import { createCompiler } from '../../../src/sql/compile.js'
import type { CompileContext } from '../../../src/sql/compiled.js'
import { liftLiterals } from '../../../src/sql/lifted-literals.js'
import { loadParser } from '../../../src/sql/parser.js'
import { CONTEXT } from '../../support/sql-world.js'
import { fixtureFiles, fixtures } from './fixture.js'

const TENANT = TenantId.of('acme')
const OPTIONS = { maxTextBytes: 1_000_000, maxPlans: 1_000, maxPlanBytes: 10_000_000 }
beforeAll(loadParser)

/** What becomes of a text: the scoped text, what has to hold, and what it does; or the refusal. */
function outcome(
  compiler: ReturnType<typeof createCompiler>,
  text: string,
  context: CompileContext,
): unknown {
  try {
    const compiled = compiler.compile(Buffer.from(text), context)
    const scoped = compiled.bind([TENANT]).toString()
    const positions = [1, 5, scoped.length].map((position) => compiled.originalPosition([TENANT], position))
    return { scoped, checks: compiled.checks, statements: compiled.statements, positions }
  } catch (error) {
    return { refused: String(error) }
  }
}

/** The text with other digits in its integers, as many of them. */
function changed(text: string, seed: number): string {
  return text.replace(/(?<![\w.$"'])\d{1,9}(?![\w.])/g, (digits) =>
    [...digits]
      .map((digit, i) =>
        i === 0 && digits.length > 1 ? String(1 + (seed % 9)) : String((Number(digit) + seed) % 10),
      )
      .join(''),
  )
}

describe('a plan shared by texts that differ in integers is what a fresh compilation gives', () => {
  test.each(fixtureFiles())('for the fixtures of %s', (name) => {
    const inputs = fixtures(name)
    fc.assert(
      fc.property(fc.constantFrom(...inputs), fc.integer({ min: 1, max: 9 }), ({ input, given }, seed) => {
        const context = { ...CONTEXT, ...given }
        const compiler = createCompiler(OPTIONS)
        outcome(compiler, input, context)
        const other = changed(input, seed)
        expect(outcome(compiler, other, context)).toEqual(outcome(createCompiler(OPTIONS), other, context))
      }),
      { numRuns: 60 },
    )
  })

  test('and is shared at all, whoever the tenant is', () => {
    const compiler = createCompiler(OPTIONS)
    const first = compiler.compile(Buffer.from('SELECT note FROM orders WHERE id = 17 LIMIT 5'), CONTEXT)
    const second = compiler.compile(Buffer.from('SELECT note FROM orders WHERE id = 42 LIMIT 9'), CONTEXT)
    expect(second.statements).toBe(first.statements)
    for (const tenant of [TENANT, TenantId.of('globex')]) {
      expect(second.bind([tenant]).toString()).toBe(
        `SELECT note FROM (public.orders JOIN (SELECT) AS _tg1 ON orders.tenant_id OPERATOR(pg_catalog.=) '${tenant}') WHERE id = 42 LIMIT 9`,
      )
    }
  })
})

describe('what is not lifted', () => {
  test.each([
    'SET statement_timeout TO 5',
    'SELECT 1; SELECT 2',
    'SELECT $1',
    "SELECT '5'",
    'SELECT 1.5',
    'SELECT 12345678901',
    'SELECT a1 FROM t2',
    'SELECT /* 5 */ x -- 6',
    'SELECT \u0001 + 5',
  ])('%j', (text) => {
    expect(liftLiterals(Buffer.from(text))).toBeNull()
  })

  test('a literal that is compared with the tenant', () => {
    const compiler = createCompiler(OPTIONS)
    const seen = [17, 18].map((id) =>
      outcome(compiler, `INSERT INTO meters (id, tenant_id) VALUES (1, ${id})`, CONTEXT),
    )
    expect(seen[0]).not.toEqual(seen[1])
  })
})
