import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { serverChannel } from '../../../src/sql/channel-name.js'
import { byteOffset, characterPosition } from '../../../src/sql/position.js'
import { type Edit, insert, LIST, ONE, replace } from '../../../src/sql/scope/edit.js'
import { splice } from '../../../src/sql/splice.js'

const ACME = { one: 'acme', list: 'acme,globex' }

function spliced(text: string, edits: readonly Edit[]): string {
  return splice(Buffer.from(text), edits).fill(ACME.one, ACME.list).toString('utf8')
}

describe('splice', () => {
  test.each<[string, readonly Edit[], string]>([
    ['nothing', [], 'a b c'],
    ['an insertion', [insert(2, 'x ')], 'a x b c'],
    ['a replacement', [replace(2, 3, 'xyz')], 'a xyz c'],
    ['a removal', [replace(1, 3)], 'a c'],
    ['insertions at one place in the order they were made', [insert(2, '1'), insert(2, '2')], 'a 12b c'],
    ['edits in any order of places', [insert(4, '2'), insert(0, '1')], '1a b 2c'],
    ['an insertion at the end', [insert(5, '!')], 'a b c!'],
    ['a channel', [replace(2, 3, { hole: 'channel', name: 'b' })], `a ${serverChannel('acme', 'b')} c`],
    ['holes', [insert(2, "'", ONE, "' '{", LIST, "}' ")], "a 'acme' '{acme,globex}' b c"],
  ])('applies %s', (_title, edits, expected) => {
    expect(spliced('a b c', edits)).toBe(expected)
  })

  test('leaves the bytes between the edits as they are', () => {
    expect(spliced('ä😀ö', [insert(2, 'ü'), replace(6, 8, '')])).toBe('äü😀')
  })

  test('fills one template for every tenant', () => {
    const template = splice(Buffer.from('a'), [insert(1, ' = ', ONE)])
    expect(template.fill('x', '').toString()).toBe('a = x')
    expect(template.fill('yy', '').toString()).toBe('a = yy')
  })
})

describe('originalPosition', () => {
  test('is the identity for every character of the text that stayed', () => {
    fc.assert(
      fc.property(cut(), ({ text, edits }) => {
        const bytes = Buffer.from(text)
        const template = splice(bytes, edits)
        const scoped = template.fill(ACME.one, ACME.list)
        for (const { from, to } of kept(bytes, edits)) {
          const position = template.originalPosition(ACME, characterPosition(scoped, to))
          expect(byteOffset(bytes, position)).toBe(from)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('gives what follows an insertion for each of its characters', () => {
    const template = splice(Buffer.from('ab'), [insert(1, 'x', ONE, 'y')])
    const found = [1, 2, 3, 4, 5, 6, 7, 8].map((position) => template.originalPosition(ACME, position))
    expect(found).toEqual([1, 2, 2, 2, 2, 2, 2, 2])
  })

  test('counts characters, not bytes, on both sides', () => {
    const template = splice(Buffer.from('äö€b'), [insert(4, '😀x')])
    expect([1, 2, 3, 4, 5, 6].map((position) => template.originalPosition(ACME, position))).toEqual([
      1, 2, 3, 3, 3, 4,
    ])
  })

  test('stays inside the text for a position that is not in it', () => {
    const template = splice(Buffer.from('ab'), [insert(2, 'xyz')])
    expect(template.originalPosition(ACME, 99)).toBe(3)
    expect(template.originalPosition(ACME, 0)).toBe(3)
  })
})

interface Cut {
  readonly text: string
  readonly edits: readonly Edit[]
}

/** A text with edits that don't overlap, at starts of characters. */
function cut(): fc.Arbitrary<Cut> {
  const piece = fc.oneof(fc.constantFrom('x', 'äö', '😀 ', ''), fc.constantFrom(ONE, LIST))
  const edit = fc.record({
    pieces: fc.array(piece, { maxLength: 3 }),
    removes: fc.boolean(),
    skip: fc.nat(3),
  })
  const character = fc.constantFrom('a', 'b', 'ä', '€', '😀', ' ')
  return fc
    .record({ characters: fc.array(character, { maxLength: 20 }), drafts: fc.array(edit, { maxLength: 6 }) })
    .map(({ characters, drafts }) => {
      const edits: Edit[] = []
      let index = 0
      for (const { pieces, removes, skip } of drafts) {
        index += skip
        if (index > characters.length) break
        const at = Buffer.byteLength(characters.slice(0, index).join(''))
        const remove = removes ? Buffer.byteLength(characters[index] ?? '') : 0
        edits.push({ at, remove, pieces })
        if (removes) index += 1
      }
      return { text: characters.join(''), edits }
    })
}

/** Where each byte that starts a character stays, and where it goes. */
function kept(
  text: Buffer,
  edits: readonly Edit[],
): readonly { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = []
  for (let from = 0; from < text.length; from += 1) {
    const isStart = ((text[from] ?? 0) & 0xc0) !== 0x80
    const isRemoved = edits.some(({ at, remove }) => from >= at && from < at + remove)
    if (isStart && !isRemoved) found.push({ from, to: from + shiftBefore(from, edits) })
  }
  return found
}

function shiftBefore(offset: number, edits: readonly Edit[]): number {
  return edits
    .filter(({ at }) => at <= offset)
    .reduce((sum, { pieces, remove }) => sum + lengthOf(pieces) - remove, 0)
}

function lengthOf(pieces: Edit['pieces']): number {
  return pieces.reduce(
    (sum, piece) =>
      sum +
      (typeof piece === 'string'
        ? Buffer.byteLength(piece)
        : ACME[piece.hole === 'one' ? 'one' : 'list'].length),
    0,
  )
}
