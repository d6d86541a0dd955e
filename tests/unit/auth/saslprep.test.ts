import { describe, expect, test } from 'vitest'
import { saslprep } from '../../../src/auth/saslprep.js'

describe('saslprep', () => {
  // RFC 4013 section 3, then what each step is for
  test.each([
    ['removes what is invisible', 'I\u00adX', 'IX'],
    ['keeps ASCII, case included', 'USER', 'USER'],
    ['keeps ASCII control characters', 'a\u0007b', 'a\u0007b'],
    ['decomposes compatibility characters', '\u00aa', 'a'],
    ['composes letters and accents', 'e\u0301', '\u00e9'],
    ['unfolds Roman numerals', '\u2168', 'IX'],
    ['makes any space a space', 'a\u00a0\u3000b\u00e9', 'a  b\u00e9'],
    ['takes the zero-width space for a space', 'a\u200bb', 'a b'],
    ['keeps text from right to left', '\ufb21\ufb21', '\u05d0\u05d0'],
  ])('%s', (_, password, prepared) => {
    expect(saslprep(password).toString()).toBe(prepared)
  })

  test.each([
    ['control characters beside others', '\u00aa\u0007'],
    ['private characters', '\u00aa\ue000'],
    ['characters that Unicode 3.2 had not', '\u00aa\u{1f600}'],
    ['prohibited characters that normalization would replace', '\u00aa\u0340'],
    ['mixed directions', '\ufb21\u00aa'],
    ['text from right to left that ends otherwise', '\ufb211'],
    ['nothing but invisible characters', '\u00ad\ufeff'],
  ])('uses the password as it is: %s', (_, password) => {
    expect(saslprep(password).toString()).toBe(password)
  })

  test('uses bytes that are not UTF-8 as they are', () => {
    const bytes = Buffer.from([0xc2, 0xaa, 0xff])
    expect(saslprep(bytes)).toEqual(bytes)
  })
})
