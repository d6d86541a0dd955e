import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../../../src/sql/parser.js'
import type { Edit, Piece } from '../../../../src/sql/scope/edit.js'
import { SHADOW_SETTING } from '../../../../src/sql/scope/utility.js'
import { splice } from '../../../../src/sql/splice.js'
import { movesSearchPath, type Scoping, scoping } from '../edits.js'
import { compiledFixtures, type Fixture } from '../fixture.js'
import { isProven } from './proof.js'

beforeAll(loadParser)

describe('verify sees through every fixture', () => {
  test('and finds nothing else to refuse', () => {
    const unproven = cases().filter(({ fixture, scoped, promises }) => {
      expect(scoped).toBe(fixture.expected)
      return !isProven(fixture.input, scoped, promises)
    })
    expect(unproven.map(({ fixture }) => fixture.input)).toEqual([])
  })
})

describe('verify refuses a scoped text', () => {
  test('with any edit left out', () => {
    const missed = mutants((edits) =>
      edits.flatMap((edit, index) => (isCosmetic(edit) ? [] : [edits.filter((_each, at) => at !== index)])),
    )
    expect(missed).toEqual([])
  })

  test('with any two edits left out, as a guard or a stamp of one row takes two', () => {
    const missed = mutants((edits) =>
      edits.flatMap((edit, index) =>
        edits.slice(index + 1, index + 4).flatMap((other) => {
          if (isCosmetic(edit) && isCosmetic(other)) return []
          return [edits.filter((each) => each !== edit && each !== other)]
        }),
      ),
    )
    expect(missed).toEqual([])
  })

  test('with another tenant in any one place', () => {
    const missed = mutants((edits) =>
      edits.flatMap((edit, at) =>
        edit.pieces.flatMap((piece, index) =>
          typeof piece === 'string' ? [] : [replaced(edits, { at, index, piece: 'globex' })],
        ),
      ),
    )
    expect(missed).toEqual([])
  })

  test('with a tenant beside the tenant in any list', () => {
    const missed = mutants((edits) =>
      edits.flatMap((edit, at) =>
        edit.pieces.flatMap((piece, index) =>
          typeof piece !== 'string' && piece.hole === 'list'
            ? [replaced(edits, { at, index, piece: 'acme,globex' })]
            : [],
        ),
      ),
    )
    expect(missed).toEqual([])
  })

  test.each([
    ['an operator of no schema', ' OPERATOR(pg_catalog.=) ', ' = '],
    ['another operator', 'OPERATOR(pg_catalog.=)', 'OPERATOR(pg_catalog.<>)'],
    ['ALL for ANY', ' ANY (', ' ALL ('],
    ['an outer join for a guard', ' JOIN (SELECT) AS', ' LEFT JOIN (SELECT) AS'],
    ['a cross join', 'JOIN (SELECT)', 'NATURAL JOIN (SELECT)'],
    ['a guard with rows of its own', '(SELECT)', '(SELECT 1)'],
    ['a guard with no row', '(SELECT)', '(SELECT WHERE false)'],
    ['OR for AND', ' AND (', ' OR ('],
    ['a fence of another offset', 'OFFSET 0', 'OFFSET 1'],
    ['a fence of no offset', ' OFFSET 0', ''],
    ['a fence with a limit', 'OFFSET 0', 'LIMIT 5 OFFSET 0'],
    ['fewer columns behind a fence', '(SELECT * FROM', '(SELECT 1 FROM'],
    ['a via tie turned round', 'EXISTS (', 'NOT EXISTS ('],
    ['true for false', 'false', 'true'],
    ['NOT in front of a pin', ' WHERE ', ' WHERE NOT '],
  ])('with %s', (_title, from, to) => {
    const seen: string[] = []
    const missed = mutants((edits) =>
      edits.flatMap((edit, at) =>
        edit.pieces.flatMap((piece, index) => {
          if (typeof piece !== 'string' || !piece.includes(from)) return []
          seen.push(piece)
          return [replaced(edits, { at, index, piece: piece.replace(from, to) })]
        }),
      ),
    )
    expect(missed).toEqual([])
    expect(seen.length).toBeGreaterThan(0)
  })
})

interface Case extends Pick<Scoping, 'edits'> {
  readonly promises: Pick<Scoping, 'checks' | 'copies'>
  readonly fixture: Fixture & { readonly expected: string }
  readonly scoped: string
}

let known: readonly Case[] | undefined

function cases(): readonly Case[] {
  known ??= compiledFixtures().flatMap((fixture) => {
    const { parsed, edits, checks, copies } = scoping(fixture.input, fixture.given)
    if (movesSearchPath(parsed)) return []
    return [{ fixture, edits, promises: { checks, copies }, scoped: text(fixture.input, edits) }]
  })
  return known
}

function text(input: string, edits: readonly Edit[]): string {
  return splice(Buffer.from(input), edits).fill('acme', 'acme').toString('utf8')
}

/** The mutants that `verify` lets through although they differ from what the rules made. */
function mutants(mutate: (edits: readonly Edit[]) => readonly (readonly Edit[])[]): readonly string[] {
  return cases().flatMap(({ fixture, edits, promises, scoped }) =>
    mutate(edits)
      .map((mutant) => text(fixture.input, mutant))
      .filter((mutant) => mutant !== scoped && isProven(fixture.input, mutant, promises)),
  )
}

function replaced(
  edits: readonly Edit[],
  where: { readonly at: number; readonly index: number; readonly piece: Piece },
): readonly Edit[] {
  return edits.map((edit, at) =>
    at === where.at
      ? { ...edit, pieces: edit.pieces.map((piece, index) => (index === where.index ? where.piece : piece)) }
      : edit,
  )
}

/** TABLE written out, a system column's qualifier, the search path: without them the text is the client's own, its rows too. */
function isCosmetic({ pieces }: Edit): boolean {
  const [piece] = pieces
  if (typeof piece === 'string' && piece.includes(SHADOW_SETTING)) return true
  return (
    pieces.length === 1 && typeof piece === 'string' && /^(SELECT \* FROM|"?\w+"?\.|SELECT '.*)$/.test(piece)
  )
}
