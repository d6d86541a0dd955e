import { describe, expect, test } from 'vitest'
import { type Tokens, tokenize } from '../../../src/sql/lexer.js'
import {
  afterIdentifier,
  closing,
  depthChange,
  isCharacter,
  isWord,
  nextClause,
  nextOutsideCase,
  tokenAt,
  wordAt,
} from '../../../src/sql/token-reader.js'

function cut(text: string): Tokens {
  return tokenize(Buffer.from(text))
}

/** The text from a token on. */
function rest(tokens: Tokens, index: number): string {
  return index >= tokens.count ? '' : tokens.text.toString('utf8', tokens.starts[index])
}

describe('tokenAt', () => {
  test('finds the token that starts at a byte, and none in between', () => {
    const tokens = cut('ä bc  d')
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map((offset) => tokenAt(tokens, offset))).toEqual([
      0, -1, -1, 1, -1, -1, -1, 2, -1,
    ])
  })

  test('finds nothing in an empty text', () => {
    expect(tokenAt(cut(''), 0)).toBe(-1)
  })
})

describe('isWord', () => {
  test.each([
    ['WHERE', 'where', true],
    ['"where"', 'where', false],
    ["'where'", 'where', false],
    ['wheres', 'where', false],
    ['wher', 'where', false],
    ['', 'where', false],
  ])('%j is the keyword %s: %j', (text, word, expected) => {
    expect(isWord(cut(text), 0, word)).toBe(expected)
  })

  test('is false in front of the first token and behind the last', () => {
    expect(isWord(cut('a'), -1, 'a')).toBe(false)
    expect(isWord(cut('a'), 1, 'a')).toBe(false)
  })
})

describe('isCharacter and depthChange', () => {
  test('know single characters outside strings', () => {
    const tokens = cut(`( '(' [ ] ) "(" :: ;`)
    expect(Array.from({ length: tokens.count }, (_, i) => depthChange(tokens, i))).toEqual([
      1, 0, 1, -1, -1, 0, 0, 0,
    ])
    expect(isCharacter(tokens, 0, '(')).toBe(true)
    expect(isCharacter(tokens, 1, '(')).toBe(false)
    expect(isCharacter(tokens, 6, ':')).toBe(false)
    expect(isCharacter(tokens, 7, ';')).toBe(true)
    expect(isCharacter(tokens, 8, ';')).toBe(false)
  })
})

describe('closing', () => {
  test('finds the bracket of the same depth', () => {
    const tokens = cut(`a (b (c) [d] ')' /* ) */) e`)
    expect(rest(tokens, closing(tokens, 1))).toBe(') e')
    expect(rest(tokens, closing(tokens, 3))).toMatch(/^\) \[d\]/)
  })

  test('gives -1 where none closes', () => {
    expect(closing(cut('(a'), 0)).toBe(-1)
  })
})

describe('nextClause', () => {
  const words = new Set(['where', 'from', 'group', 'returning'])
  test.each([
    ['the keyword', 'a b WHERE c', 'WHERE c'],
    ['not inside brackets', 'a (b WHERE c) FROM d', 'FROM d'],
    ['not inside square brackets', 'a[1] WHERE c', 'WHERE c'],
    ['the bracket that encloses', 'a, b) WHERE c', ') WHERE c'],
    ['the end of the statement', 'a; WHERE b', '; WHERE b'],
    ['the end of the text', 'a b', ''],
    ['not a quoted name', 'a "where" FROM b', 'FROM b'],
    ['not a string or comment', `a 'where' /* where */ FROM b`, 'FROM b'],
    ['not an alias behind AS', 'a AS where, b AS from FROM c', 'FROM c'],
    ['not a column behind a dot', 'a.from, b . where FROM c', 'FROM c'],
    ['not DISTINCT FROM', 'a IS DISTINCT FROM b FROM c', 'FROM c'],
    ['not WITHIN GROUP', 'a WITHIN GROUP (ORDER BY b) GROUP BY c', 'GROUP BY c'],
    ['in any case of letters', 'a wHeRe b', 'wHeRe b'],
  ])('finds %s', (_title, text, expected) => {
    const tokens = cut(text)
    expect(rest(tokens, nextClause(tokens, 0, words))).toBe(expected)
  })
})

describe('nextOutsideCase', () => {
  test.each([
    ['a WHEN b', 'WHEN b'],
    ['CASE WHEN a THEN b END WHEN c', 'WHEN c'],
    ['CASE WHEN CASE WHEN a THEN b END THEN c END WHEN d', 'WHEN d'],
    ['(CASE WHEN a THEN b END) WHEN c', 'WHEN c'],
    ['CASE a WHEN b THEN c ELSE d END', ''],
    ['a AS case WHEN b', 'WHEN b'],
    ['a."case" WHEN b', 'WHEN b'],
  ])('passes over what stands inside CASE: %s', (text, expected) => {
    const tokens = cut(text)
    expect(rest(tokens, nextOutsideCase(tokens, 0, new Set(['when'])))).toBe(expected)
  })
})

describe('wordAt and afterIdentifier', () => {
  test('give a word in lower case, and nothing for what is none', () => {
    const tokens = cut(`ABC "ABC" 1`)
    expect([0, 1, 2, 3].map((index) => wordAt(tokens, index))).toEqual(['abc', '', '', ''])
  })

  test('count UESCAPE to the identifier it belongs to, and to no other', () => {
    const tokens = cut(`U&"a" UESCAPE '!' b "c" uescape x`)
    expect(rest(tokens, afterIdentifier(tokens, 0))).toMatch(/^b/)
    expect(rest(tokens, afterIdentifier(tokens, 3))).toMatch(/^"c"/)
    expect(rest(tokens, afterIdentifier(tokens, 4))).toMatch(/^uescape/)
  })
})
