import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FULL, worldServers } from '../support/world/full.js'
import { openScoping } from '../support/world/scoping.js'
import type { Construct } from './leaky/construct.js'
import { CONSTRUCTS, type Field, LEAKY_POLICY, openField } from './leaky/field.js'
import { JOINS } from './leaky/joins.js'
import { type Cell, Matrix } from './leaky/matrix.js'
import type { Place } from './leaky/place.js'
import { READS } from './leaky/reads.js'
import { SILENT } from './leaky/silent.js'
import { SUBQUERIES } from './leaky/subqueries.js'
import { WRITES } from './leaky/writes.js'

const PLACES: readonly Place[] = [...READS, ...JOINS, ...SUBQUERIES, ...WRITES]

/** The short run looks at a part of the places for each construct, at other ones for the next. */
const STRIDE = FULL ? 1 : 13

/** The first place always, of the others each so often. */
function placesOf(construct: Construct): readonly Place[] {
  const number = CONSTRUCTS.indexOf(construct)
  return PLACES.filter((_, index) => index === 0 || (index + number) % STRIDE === 0)
}

describe.each(worldServers())('on PostgreSQL $label', (server) => {
  let field: Field
  let matrix: Matrix
  const showing = new Set<string>()
  const passing = new Set<string>()
  const known = ({ since }: { readonly since: number }) => since <= field.major

  beforeAll(async () => {
    field = await openField(server)
    matrix = await Matrix.open(field, await openScoping(field.shared, { policy: LEAKY_POLICY }))
  })
  afterAll(async () => {
    await matrix.close()
    await field.shared.drop()
    await field.twin.drop()
  })

  test.each(CONSTRUCTS)('$title', async (construct) => {
    if (!known(construct)) return
    const findings: string[] = []
    let shown = 0
    for (const place of placesOf(construct).filter(known)) {
      const cell = await matrix.cell(construct, place, FULL || shown === 0 || !showing.has(place.title))
      if (cell.shows === true) shown += 1
      findings.push(...noted(place, cell))
    }
    expect(findings.join('\n\n')).toBe('')
    expect(shown, 'the raw database shows nothing: no leaky construct').toBeGreaterThan(0)
  })

  /** What a cell found against us. */
  function noted({ title }: Place, { shows, scoped }: Cell): readonly string[] {
    if (shows === true) showing.add(title)
    if (scoped === null) return []
    passing.add(title)
    return scoped === 'nothing' ? [] : [scoped]
  }

  test.runIf(FULL)(
    'each place shows something on the raw database, unless it is known not to, and lets something through',
    () => {
      const places = PLACES.filter(known)
      expect(
        places.filter(({ title }) => !SILENT.has(title) && !showing.has(title)).map(({ title }) => title),
      ).toEqual([])
      expect(places.filter(({ title }) => !passing.has(title)).map(({ title }) => title)).toEqual([])
    },
  )
})
