import { afterAll, beforeAll, expect, test } from 'vitest'
import { GatewayError } from '../../src/core/errors.js'
import { TenantId } from '../../src/core/ids.js'
import { accessOf } from '../../src/policy/decide.js'
import { attacks } from '../attacks/attack.js'
import { FULL } from '../support/world/full.js'
import { openScoping, POLICY, type Scoping } from '../support/world/scoping.js'
import { openWorld, TENANT, type World } from '../support/world/world.js'
import { statement } from './grammar/statement.js'
import { Random } from './random.js'
import { sightings } from './second-opinion.js'

let world: World
let scoping: Scoping
beforeAll(async () => {
  world = await openWorld()
  scoping = await openScoping(world.shared)
})
afterAll(() => world.close())

test('a parser that is not ours finds every tenant relation of a scoped text confined', () => {
  const read = texts().flatMap((scoped) => {
    const found = sightings(scoped)
    return found === undefined ? [] : [{ scoped, found }]
  })
  const open = read.filter(({ found }) =>
    found.some((relation) => isTenants(relation) && !relation.isConfined),
  )
  expect(open.map(({ scoped }) => scoped)).toEqual([])
  expect(read.filter(({ found }) => found.some(isTenants)).length).toBeGreaterThan(100)
})

test('it finds one that is not', () => {
  expect(sightings('SELECT title FROM public.tasks')).toEqual([
    { schema: 'public', name: 'tasks', isConfined: false },
  ])
  expect(sightings('DELETE FROM public.tasks WHERE id = 1')?.[0]?.isConfined).toBe(false)
  expect(sightings('INSERT INTO public.tasks (id) VALUES (8)')?.[0]?.isConfined).toBe(false)
})

function isTenants(relation: { readonly schema: string; readonly name: string }): boolean {
  const kind = accessOf(relation, scoping.snapshot, POLICY)?.kind
  return kind === 'tenant' || kind === 'via'
}

/** What the compiler makes of the attacks and of generated statements. */
function texts(): readonly string[] {
  const written = attacks().map(({ text, params }) => ({ text, values: params }))
  const generated = Array.from({ length: FULL ? 1500 : 500 }, (_, seed) => statement(new Random(seed)))
  return [...written, ...generated].flatMap((question) => {
    try {
      return [
        scoping
          .compile(question)
          .bind([TenantId.of(TENANT)])
          .toString('utf8'),
      ]
    } catch (error) {
      if (error instanceof GatewayError) return []
      throw error
    }
  })
}
