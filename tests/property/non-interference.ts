import { expect } from 'vitest'
import { FULL } from '../support/world/full.js'
import { compare, type Party, type Verdict } from './comparison.js'
import { statement } from './grammar/statement.js'
import { Random } from './random.js'

export const COUNT = Number(process.env.TENANTGATE_TEST_COUNT ?? (FULL ? 100_000 : 2000))

/** Printed with every run; set it to repeat one. */
export const SEED = Number(process.env.TENANTGATE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))

/** How many statements became what, and what is wrong with those that are. */
export interface Tally {
  readonly counts: ReadonlyMap<Verdict['kind'], number>
  readonly refusals: ReadonlyMap<string, number>
  readonly wrong: readonly string[]
}

/** Asks `count` statements of both; every statement has a seed of its own, so that one can be repeated alone. */
export async function tallyOf(
  gateway: Party,
  twin: Party,
  { seed, count }: { readonly seed: number; readonly count: number },
): Promise<Tally> {
  const counts = new Map<Verdict['kind'], number>()
  const refusals = new Map<string, number>()
  const wrong: string[] = []
  for (let i = seed; i < seed + count; i += 1) {
    const { kind, explanation } = await compare(statement(new Random(i)), gateway, twin)
    increment(counts, kind)
    if (kind === 'refused') increment(refusals, explanation)
    if (kind === 'different' || kind === 'leak') wrong.push(`seed ${i}, ${kind}:\n${explanation}`)
  }
  return { counts, refusals, wrong }
}

/** Generates statements and demands that the gateway answer each as the private database does. */
export async function expectNonInterference(gateway: Party, twin: Party, count: number): Promise<void> {
  const { counts, refusals, wrong } = await tallyOf(gateway, twin, { seed: SEED, count })
  const share = (kind: Verdict['kind']) => (100 * (counts.get(kind) ?? 0)) / count
  console.info(`seed ${SEED}, ${count} statements`, Object.fromEntries(counts), Object.fromEntries(refusals))
  expect(wrong.slice(0, 5).join('\n\n')).toBe('')
  // a generator that writes mostly errors would prove nothing
  expect(share('same error')).toBeLessThan(20)
  expect(share('refused')).toBeLessThan(6)
  expect(share('too slow')).toBeLessThan(2)
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
