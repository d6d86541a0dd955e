import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GatewayError } from '../../src/core/errors.js'
import { parseTree } from '../../src/sql/parse.js'
import { verify } from '../../src/sql/verify/verify.js'
import { attacks } from '../attacks/attack.js'
import type { Question } from '../support/world/observe.js'
import { openScoping, POLICY, type Scoping } from '../support/world/scoping.js'
import { openWorld, type World } from '../support/world/world.js'
import { statement } from './grammar/statement.js'
import { MUTATIONS, SENTINEL } from './mutations.js'
import { Random } from './random.js'

/** A text that was scoped, as the compiler hands it to `verify`. */
interface Proven {
  readonly original: string
  readonly scoped: string
  readonly prove: (scoped: string) => void
}

describe('verify refuses a scoped text that was spoilt at one place', () => {
  let world: World
  let proven: readonly Proven[]
  beforeAll(async () => {
    world = await openWorld()
    const scoping = await openScoping(world.shared, { tenant: SENTINEL })
    proven = questions().flatMap((question) => proofOf(question, scoping))
  })
  afterAll(() => world.close())

  test('the texts as they are can be proven', () => {
    for (const { scoped, prove } of proven) expect(() => prove(scoped), scoped).not.toThrow()
    expect(proven.length).toBeGreaterThan(500)
  })

  test.each(MUTATIONS)('$title', ({ apply }) => {
    const spoilt = proven.flatMap((text) => apply(text.scoped).map((mutant) => ({ ...text, mutant })))
    const meant = spoilt.filter(({ scoped, mutant }) => differs(scoped, mutant))
    const survived = meant.filter(({ prove, mutant }) => !isRefused(() => prove(mutant)))
    expect(
      survived
        .slice(0, 5)
        .map(({ original, scoped, mutant }) => [original, scoped, mutant].join('\n'))
        .join('\n\n'),
    ).toBe('')
    expect(meant.length).toBeGreaterThan(5)
  })
})

function questions(): readonly Question[] {
  const written = attacks().map(({ text, params }) => ({ text, values: params }))
  const generated = Array.from({ length: 150 }, (_, seed) => statement(new Random(seed)))
  return [...written, ...generated]
}

function proofOf(question: Question, scoping: Scoping): readonly Proven[] {
  try {
    const { checks } = scoping.compile(question)
    const scoped = scoping.scope({ ...question, values: question.values?.map(() => SENTINEL) })
    if (scoped === question.text) return []
    const statements = parseTree(question.text).stmts ?? []
    const context = {
      snapshot: scoping.snapshot,
      policy: POLICY,
      sentinel: { one: SENTINEL, list: SENTINEL },
      checks,
      readOnly: false,
    }
    return [
      { original: question.text, scoped, prove: (text) => verify(statements, Buffer.from(text), context) },
    ]
  } catch (error) {
    if (error instanceof GatewayError) return []
    throw error
  }
}

/** Whether the change is SQL, and means something: in a comment it doesn't. */
function differs(scoped: string, mutant: string): boolean {
  try {
    return withoutPlaces(mutant) !== withoutPlaces(scoped)
  } catch (error) {
    if (error instanceof GatewayError) return false
    throw error
  }
}

function withoutPlaces(text: string): string {
  return JSON.stringify(parseTree(text), (key, value) =>
    /location|stmt_len|list_start|list_end/.test(key) ? undefined : value,
  )
}

function isRefused(prove: () => void): boolean {
  try {
    prove()
    return false
  } catch (error) {
    return error instanceof GatewayError && error.code === 'ISOLATION_UNPROVEN'
  }
}
