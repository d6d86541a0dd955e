import { beforeAll, describe, expect, test } from 'vitest'
import { TenantId } from '../../../src/core/ids.js'
import { compileText } from '../../../src/sql/compile.js'
import type { CompileContext, TenantCheck } from '../../../src/sql/compiled.js'
import { loadParser } from '../../../src/sql/parser.js'
import type { Plan } from '../../../src/sql/plan.js'
import { packPlan, transferredBuffers, unpackPlan } from '../../../src/sql/plan-transfer.js'
import { CONTEXT } from '../../support/sql-world.js'
import { compiledFixtures } from './fixture.js'

beforeAll(loadParser)

const TENANTS = ['acme', 'globex-2'].map(TenantId.of)

function compiled(text: string, given: Partial<CompileContext> = {}): Plan {
  return compileText(Buffer.from(text), { ...CONTEXT, ...given }, { maxTextBytes: 1_000_000 })
}

/** As it arrives in another thread: what is transferred is gone here. */
function arrived(plan: Plan): Plan {
  const transfer = packPlan(plan, TENANTS.slice(0, 1))
  return unpackPlan(structuredClone(transfer, { transfer: transferredBuffers(transfer) as ArrayBuffer[] }))
}

/** Whatever a session asks of a plan. */
function faces(plan: Plan, text: string): unknown {
  const bound = TENANTS.map((tenant) => attempt(() => plan.bind([tenant]).toString()))
  const both = attempt(() => plan.bind(TENANTS).toString())
  const positions = Array.from({ length: text.length + 40 }, (_, i) => plan.originalPosition(TENANTS, i + 1))
  return {
    bound,
    both,
    positions,
    statements: plan.statements,
    checks: plan.checks,
    repeats: plan.repeats,
    moment: plan.namesMoment,
  }
}

function attempt(bind: () => string): string {
  try {
    return bind()
  } catch (error) {
    return String(error)
  }
}

describe('a plan from another thread', () => {
  test('is what it was, for every fixture', () => {
    for (const { input, given } of compiledFixtures()) {
      const before = faces(compiled(input, given), input)
      expect(faces(arrived(compiled(input, given)), input), input).toEqual(before)
    }
  })

  test('shares no memory with anything else', () => {
    const transfer = packPlan(compiled('SELECT id FROM orders'), [])
    for (const buffer of transferredBuffers(transfer)) expect(buffer.byteLength).toBeLessThan(1_000)
  })

  test('of a text that repeats itself is handed over as few objects', () => {
    const rows = Array.from(
      { length: 500 },
      (_, i) => `INSERT INTO orders (id, tenant_id) VALUES (${i}, 'acme')`,
    )
    const plan = compiled(rows.join(';'))
    expect(plan.checks).toHaveLength(500)
    const transfer = packPlan(plan, TENANTS.slice(0, 1))
    expect(transfer.statements.distinct).toHaveLength(1)
    const there = arrived(plan)
    expect(there.statements).toEqual(compiled(rows.join(';')).statements)
    expect(there.checks).toEqual(plan.checks.slice(0, 1))
  })

  test('keeps the number of each parameter that is checked', () => {
    const text = `INSERT INTO orders (id, tenant_id) VALUES ${Array.from({ length: 50 }, (_, i) => `($${2 * i + 1}, $${2 * i + 2})`).join()}`
    const plan = compiled(text, { protocol: 'extended' })
    expect(packPlan(plan, []).checks.distinct).toHaveLength(1)
    const numbers = (checks: readonly TenantCheck[]) =>
      checks.map((check) => 'number' in check && check.number)
    expect(numbers(arrived(plan).checks)).toEqual(Array.from({ length: 50 }, (_, i) => 2 * i + 2))
  })

  test('is refused where its objects would be too many', () => {
    const settings = Array.from({ length: 10_001 }, (_, i) => `SET application_name TO 'a${i}'`)
    expect(() => packPlan(compiled(settings.join(';')), [])).toThrow('more than 10000 different parts')
  })
})
