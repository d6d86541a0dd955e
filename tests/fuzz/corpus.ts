import { readdirSync, readFileSync } from 'node:fs'
import { attacks } from '../attacks/attack.js'
import { statement } from '../property/grammar/statement.js'
import { Random } from '../property/random.js'
import { CANARY } from '../support/world/world.js'
import { mutated } from './mutation.js'

/** What ends the transaction that takes everything back, and what tells a marker by itself. */
const UNFIT = /\b(commit|end|rollback|abort|prepare|savepoint|release|begin|start|discard)\b/i

/** What others have tried against the gateway, and what its rules are shown with; the generated statements come besides. */
export function corpus(): readonly string[] {
  const tried = attacks()
    .filter(({ accepted, compare, session }) => accepted === undefined && compare !== 'none' && !session)
    .map(({ text }) => text)
  return [...tried, ...fixtures()].filter((text) => !CANARY.test(text) && !UNFIT.test(text))
}

function fixtures(): readonly string[] {
  const folder = new URL('../fixtures/sql/', import.meta.url)
  return readdirSync(folder).flatMap((name) =>
    readFileSync(new URL(name, folder), 'utf8')
      .split(/\n{2,}/)
      .map((block) => block.split('\n').find((line) => !line.startsWith('-- ')) ?? '')
      .filter((text) => text !== ''),
  )
}

/** The statement of a seed: the same on every machine, whatever came before it. */
export function fuzzed(texts: readonly string[], seed: number): string {
  const random = new Random(seed)
  const one = () => (random.chance(40) ? generated(random) : random.pick(texts))
  return mutated(one(), one(), random)
}

function generated(random: Random): string {
  const { text, values = [] } = statement(new Random(random.below(2 ** 31)))
  // parameters would all be NULL
  return text.replace(
    /\$(\d+)/g,
    (_, number) => `'${(values[Number(number) - 1] ?? '').replaceAll("'", "''")}'`,
  )
}
