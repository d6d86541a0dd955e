import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byteOffset, characterPosition } from '../../../src/sql/position.js'

describe('characterPosition', () => {
  test.each([
    ['abc', 0, 1],
    ['abc', 2, 3],
    ['äbc', 2, 2],
    ['€b', 3, 2],
    ['😀b', 4, 2],
    ['', 0, 1],
    ['ab', 9, 3],
  ])('of %j counts characters up to byte %i from 1: %i', (text, offset, expected) => {
    expect(characterPosition(Buffer.from(text), offset)).toBe(expected)
  })
})

describe('byteOffset', () => {
  test('turns a position back into the byte where its character starts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (written) => {
        const text = Buffer.from(written)
        let offset = 0
        for (const character of text.toString('utf8')) {
          const position = characterPosition(text, offset)
          expect(byteOffset(text, position)).toBe(offset)
          offset += Buffer.byteLength(character)
        }
      }),
    )
  })

  test.each([0, -1, 4, 1000])('gives the end for position %i, where no character is', (position) => {
    expect(byteOffset(Buffer.from('äöü'), position)).toBe(6)
  })
})
