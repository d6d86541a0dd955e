import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { TenantId } from '../../../src/core/ids.js'
import { compileText, createCompiler } from '../../../src/sql/compile.js'
import type { CompileContext, CompiledText } from '../../../src/sql/compiled.js'
import { liftLiterals } from '../../../src/sql/lifted-literals.js'
import { LiftedPlan } from '../../../src/sql/lifted-plan.js'
import { loadParser } from '../../../src/sql/parser.js'
import { ShapePlans } from '../../../src/sql/shape-plans.js'
import { CONTEXT } from '../../support/sql-world.js'
import { fixtureFiles, fixtures } from './fixture.js'

const ACME = TenantId.of('acme')
const TENANTS = [ACME, TenantId.of('globex'), TenantId.of('7')]
/** Whom a text is bound for: one each time, and all of them together. */
const BOUND_FOR = [...TENANTS.map((tenant) => [tenant]), TENANTS]
const OPTIONS = { maxTextBytes: 1_000_000, maxPlans: 1_000, maxPlanBytes: 10_000_000 }
beforeAll(loadParser)

/** What becomes of a text, of each tenant's, of every position in it; or the refusal. */
function outcome(compile: () => CompiledText): unknown {
  try {
    const { checks, statements, namesMoment, ...compiled } = shown(compile())
    return { checks, statements, namesMoment, ...compiled }
  } catch (error) {
    return { refused: String(error) }
  }
}

function shown(compiled: CompiledText) {
  const { checks, statements, namesMoment } = compiled
  const bound = BOUND_FOR.map((tenants) => boundFor(compiled, tenants))
  return { checks, statements, namesMoment, bound }
}

function boundFor(compiled: CompiledText, tenants: readonly TenantId[]): unknown {
  try {
    const sql = compiled.bind(tenants).toString()
    const positions = Array.from({ length: sql.length + 2 }, (_, at) =>
      compiled.originalPosition(tenants, at + 1),
    )
    return { sql, positions }
  } catch (error) {
    return String(error)
  }
}

const INTEGERS = ['0', '1', '7', '42', '007', '100000', '2147483647', '2147483648', '99999999999', '1.5']
const STRINGS = [
  '',
  'a',
  'acme',
  'globex',
  '7',
  'now',
  ' today',
  "it''s",
  "''now",
  'é€😀',
  '_tg1',
  'x\\',
  '5',
]
const QUOTED = ['NULL', '%', 'a%', '2024-01-01', 'timezone', '7 days', 'search_path', 'x'.repeat(300)]
const REPLACEMENTS = [...STRINGS, ...QUOTED].map((text) => `'${text}'`)

/** The text with other literals in the places of some of its own. */
function withOther(text: string, seeds: readonly number[]): string {
  const bytes = Buffer.from(text)
  const spots = liftLiterals(bytes)?.spots ?? []
  let other = ''
  let from = 0
  for (let i = 0; i < spots.length; i += 2) {
    const own = bytes.toString('utf8', spots[i], spots[i + 1])
    const choices = own.startsWith("'") ? REPLACEMENTS : INTEGERS
    const seed = seeds[(i / 2) % seeds.length] ?? 0
    other += bytes.toString('utf8', from, spots[i])
    other += seed % 3 === 0 ? own : (choices[seed % choices.length] ?? own)
    from = spots[i + 1] ?? 0
  }
  return other + bytes.toString('utf8', from)
}

const SEEDS = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 6 })

describe('a plan shared by texts that differ in literals is what a fresh compilation gives', () => {
  test.each(fixtureFiles())('for the fixtures of %s', (name) => {
    const inputs = fixtures(name)
    fc.assert(
      fc.property(
        fc.constantFrom(...inputs),
        fc.array(SEEDS, { minLength: 3, maxLength: 8 }),
        ({ input, given }, texts) => {
          const context = { ...CONTEXT, ...given }
          const compiler = createCompiler(OPTIONS)
          for (const seeds of texts) expectFresh(compiler, withOther(input, seeds), context)
        },
      ),
      { numRuns: process.env.TENANTGATE_TEST_FULL === '1' ? 200 : 10 },
    )
  })
})

function expectFresh(
  compiler: ReturnType<typeof createCompiler>,
  text: string,
  context: CompileContext,
): void {
  const bytes = Buffer.from(text)
  const given = outcome(() => compiler.compile(bytes, context))
  expect(given).toEqual(outcome(() => compileText(bytes, context, OPTIONS)))
}

/** Whether the last of some texts, compiled one after the other, shares a plan. */
function isShared(...texts: readonly string[]): boolean {
  const compiler = createCompiler(OPTIONS)
  const compiled = texts.map((text) => compiler.compile(Buffer.from(text), CONTEXT))
  return compiled.at(-1) instanceof LiftedPlan
}

describe('a plan is shared', () => {
  test('from the third text on, whoever the tenant is', () => {
    const compiler = createCompiler(OPTIONS)
    const text = (id: number) => Buffer.from(`SELECT note FROM orders WHERE id = ${id} LIMIT 5`)
    const [first, second, third] = [17, 4, 2_000_000_000].map((id) => compiler.compile(text(id), CONTEXT))
    expect([first, second].some((plan) => plan instanceof LiftedPlan)).toBe(false)
    expect(third?.statements).toBe(first?.statements)
    expect(TENANTS.map((tenant) => third?.bind([tenant]).toString())).toEqual(
      TENANTS.map(
        (tenant) =>
          `SELECT note FROM (public.orders JOIN (SELECT) AS _tg1 ON orders.tenant_id OPERATOR(pg_catalog.=) '${tenant}') WHERE id = 2000000000 LIMIT 5`,
      ),
    )
  })

  test.each([
    ['numbers of any length', 'SELECT id FROM orders WHERE id IN (§)', ['1', '22', '333333333']],
    ['strings of any length', 'SELECT id FROM orders WHERE note = §', ["'a'", "''", "'it''s'"]],
    ['dates', 'SELECT id FROM orders WHERE created_at > §', ["'2024-01-01'", "'2024-2-2'", "'2025-01-01'"]],
    ['a limit', 'SELECT id FROM orders LIMIT §', ['1', '20', '300']],
    ['a negative number', 'SELECT id FROM orders WHERE id > -§', ['1', '0', '300']],
    ['a row', "INSERT INTO orders (id, note) VALUES (§, 'x')", ['1', '22', '333']],
    ['a change', 'UPDATE orders SET note = § WHERE id = 5', ["'a'", "'b'", "'c'"]],
  ])('by texts that differ in %s', (_title, text, values) => {
    expect(isShared(...values.map((value) => text.replace('§', value)))).toBe(true)
  })
})

describe('a plan is not shared', () => {
  test.each([
    ['a pattern', 'SELECT id FROM orders WHERE note LIKE §', ["'a%'", "'b%'", "'c%'"]],
    [
      'what is compared with the tenant',
      'INSERT INTO orders (id, tenant_id) VALUES (1, §)',
      ["'acme'", "'b'", "'c'"],
    ],
    ['the name of a setting', 'SELECT current_setting(§)', ["'timezone'", "'datestyle'", "'lc_monetary'"]],
    ['a precision', 'SELECT total::float(§) FROM orders', ['1', '30', '53']],
    ['the kind of literal', 'SELECT id FROM orders WHERE id = §', ['1', "'1'", '2147483648']],
  ])('by texts that differ in %s', (_title, text, values) => {
    expect(isShared(...values.map((value) => text.replace('§', value)))).toBe(false)
  })

  test('where a literal is the tenant for one and somebody else for another', () => {
    const compiler = createCompiler(OPTIONS)
    const bound = (text: string) => boundFor(compiler.compile(Buffer.from(text), CONTEXT), [ACME])
    for (const id of [1, 2, 3]) {
      expect(bound(`UPDATE orders SET tenant_id = 'acme' WHERE id = ${id}`)).toHaveProperty('sql')
      expect(bound(`UPDATE orders SET tenant_id = 'globex' WHERE id = ${id}`)).toContain('tenant')
    }
  })

  test('where a compilation gave something else than the plan would', () => {
    const plans = new ShapePlans()
    const [first, second, third] = [1, 2, 3].map((id) =>
      Buffer.from(`SELECT note FROM orders WHERE id = ${id}`),
    )
    const learn = (text: Buffer | undefined, made: Buffer | undefined) => {
      const lifted = liftLiterals(text ?? Buffer.of())
      const plan = compileText(made ?? Buffer.of(), CONTEXT, OPTIONS)
      if (lifted !== null && text !== undefined) plans.learn(text, lifted, { plan, free: [true] })
    }
    learn(first, first)
    learn(second, third)
    learn(second, second)
    const lifted = liftLiterals(third ?? Buffer.of())
    expect(lifted === null || third === undefined || plans.find(third, lifted)).toBeUndefined()
  })
})
