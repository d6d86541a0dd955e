import { expect } from 'vitest'
import { compare, type Party, type Verdict } from './comparison.js'
import { statement } from './grammar/statement.js'
import { Random } from './random.js'

export const COUNT = Number(
  process.env.TENANTGATE_TEST_COUNT ?? (process.env.TENANTGATE_TEST_FULL === '1' ? 100_000 : 2000),
)

/** Printed with every run; set it to repeat one. */
export const SEED = Number(process.env.TENANTGATE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))

/**
 * Generates statements and demands that the gateway answer each as the private database does.
 *
 * Every statement has a seed of its own, so that one can be repeated without those before it.
 */
export async function expectNonInterference(gateway: Party, twin: Party, count: number): Promise<void> {
  const tally = new Map<Verdict['kind'], number>()
  const refusals = new Map<string, number>()
  const wrong: string[] = []
  for (let i = 0; i < count && wrong.length < 5; i += 1) {
    const seed = SEED + i
    const verdict = await compare(statement(new Random(seed)), gateway, twin)
    tally.set(verdict.kind, (tally.get(verdict.kind) ?? 0) + 1)
    if (verdict.kind === 'refused')
      refusals.set(verdict.explanation, (refusals.get(verdict.explanation) ?? 0) + 1)
    if (verdict.kind === 'different' || verdict.kind === 'leak')
      wrong.push(`seed ${seed}, ${verdict.kind}:\n${verdict.explanation}`)
  }
  const share = (kind: Verdict['kind']) => (100 * (tally.get(kind) ?? 0)) / count
  console.info(
    `seed ${SEED}, ${count} statements: ${JSON.stringify(Object.fromEntries(tally))} ${JSON.stringify(Object.fromEntries(refusals))}`,
  )
  expect(wrong.join('\n\n')).toBe('')
  // a generator that writes mostly errors would prove nothing
  expect(share('same error')).toBeLessThan(20)
  expect(share('refused')).toBeLessThan(6)
  expect(share('too slow')).toBeLessThan(2)
}
