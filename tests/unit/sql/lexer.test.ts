import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { scanSync } from 'libpg-query'
import { beforeAll, describe, expect, test } from 'vitest'
import { Token, tokenize } from '../../../src/sql/lexer.js'
import { loadParser, parseText } from '../../../src/sql/parser.js'
import { compiledFixtures } from './fixture.js'

beforeAll(loadParser)

const KINDS = new Map<number, string>(Object.entries(Token).map(([name, kind]) => [kind, name]))

/** `kind text` of each token. */
function tokens(text: string): readonly string[] {
  const { count, kinds, starts, ends, text: bytes } = tokenize(Buffer.from(text))
  return Array.from({ length: count }, (_, i) => {
    const kind = KINDS.get(kinds[i] ?? 0)
    return `${kind} ${bytes.toString('utf8', starts[i], ends[i])}`
  })
}

describe('tokenize', () => {
  test.each([
    [
      'words, numbers and strings',
      "select 1, 'a'",
      ['word select', 'number 1', 'punctuation ,', "string 'a'"],
    ],
    ['doubled quotes', `'it''s' "a""b"`, ["string 'it''s'", 'quoted "a""b"']],
    ['backslashes in E-strings alone', `E'\\'' '\\'`, ["string E'\\''", "string '\\'"]],
    [
      'prefixes of strings',
      `b'1' X'f' n'x' u&'y' U&"z"`,
      ["string b'1'", "string X'f'", "string n'x'", "string u&'y'", 'quoted U&"z"'],
    ],
    [
      'letters that are no prefix',
      `e 'a' u & 'b'`,
      ['word e', "string 'a'", 'word u', 'operator &', "string 'b'"],
    ],
    [
      'strings that go on in the next line',
      `'a' \n  -- c\n 'b' 'c'`,
      ["string 'a' \n  -- c\n 'b'", "string 'c'"],
    ],
    ['E-strings that go on under their own rule', `E'a'\n'\\''`, [`string E'a'\n'\\''`]],
    ['dollar quotes', '$$a$b$$ $q$ $$ $q$ $1', ['string $$a$b$$', 'string $q$ $$ $q$', 'parameter $1']],
    ['names with $', 'a$b$c', ['word a$b$c']],
    ['names beyond ASCII', 'größe €', ['word größe', 'word €']],
    ['nested comments', 'a /* /* */ b */ c -- d\ne', ['word a', 'word c', 'word e']],
    [
      'comments that end an operator',
      'a +/* */- b +-- c\n1',
      ['word a', 'operator +', 'operator -', 'word b', 'operator +', 'number 1'],
    ],
    [
      'signs behind an operator',
      'a <-1 ~-1 =-1',
      [
        'word a',
        'operator <',
        'operator -',
        'number 1',
        'operator ~-',
        'number 1',
        'operator =',
        'operator -',
        'number 1',
      ],
    ],
    [
      'numbers of every form',
      '1.5e-3 .5 1. 0xFF 1_000 1..2',
      [
        'number 1.5e-3',
        'number .5',
        'number 1.',
        'number 0xFF',
        'number 1_000',
        'number 1',
        'punctuation .',
        'number .2',
      ],
    ],
    [
      'casts, slices and named arguments',
      'a::b[1:2](c:=1,d=>2)',
      [
        'word a',
        'punctuation ::',
        'word b',
        'punctuation [',
        'number 1',
        'punctuation :',
        'number 2',
        'punctuation ]',
        'punctuation (',
        'word c',
        'punctuation :=',
        'number 1',
        'punctuation ,',
        'word d',
        'operator =>',
        'number 2',
        'punctuation )',
      ],
    ],
    ['all white space', '\ta\r\n\fb\vc', ['word a', 'word b', 'word c']],
    ['nothing', ' -- a', []],
  ])('cuts %s', (_title, text, expected) => {
    expect(tokens(text)).toEqual(expected)
  })

  test('ends, in order and inside the text, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const { count, starts, ends } = tokenize(Buffer.from(bytes))
        let before = 0
        for (let i = 0; i < count; i += 1) {
          expect(starts[i]).toBeGreaterThanOrEqual(before)
          expect(ends[i]).toBeGreaterThan(starts[i] ?? 0)
          before = ends[i] ?? 0
        }
        expect(before).toBeLessThanOrEqual(bytes.length)
      }),
      { numRuns: 2000 },
    )
  })
})

describe("tokenize agrees with PostgreSQL's own scanner", () => {
  test('on generated texts', () => {
    let parsed = 0
    fc.assert(
      fc.property(texts(), (text) => {
        if (!parses(text)) return
        parsed += 1
        expect(boundaries(text), text).toEqual(scanned(text))
      }),
      { numRuns: 4000 },
    )
    expect(parsed).toBeGreaterThan(1000)
  })

  test('on the fixtures, as sent and as scoped', () => {
    for (const { input, expected } of compiledFixtures()) {
      for (const text of [input, expected]) expect(boundaries(text), text).toEqual(scanned(text))
    }
  })

  test('on what clients really send', () => {
    const sent = captured()
    expect(sent.length).toBeGreaterThan(500)
    for (const text of sent) expect(boundaries(text), text).toEqual(scanned(text))
  })
})

const PIECES = [
  ...[
    'a',
    'größe',
    'a$b',
    '"q"',
    '"a""b"',
    '"--"',
    'U&"d\\0061t"',
    'U&"d!0061" UESCAPE \'!\'',
    'null',
    'e',
    'U',
    'x',
  ],
  ...[
    '1',
    '1.5',
    '.5',
    '1e5',
    '1e-5',
    '1.',
    '0x1F',
    '0b1',
    '1_0',
    '$1',
    "'s'",
    "'it''s'",
    "'--'",
    "'/*'",
    "E'\\''",
  ],
  ...[
    "E'a\\\\'",
    "e'a'\n'\\''",
    "'a'\n'b'",
    "'a' -- c\n 'b'",
    "b'01'",
    "X'f'",
    "N'n'",
    "U&'\\0061'",
    '$$d$$',
    '$t$ $$ $t$',
    '$ä$ü$ä$',
  ],
]
const JOINERS = [
  ...[
    ',',
    ' , ',
    '+',
    '-',
    ' - ',
    '*',
    '/',
    '<',
    '>',
    '=',
    '<=',
    '<>',
    '!=',
    '||',
    '~',
    '<->',
    '@>',
    '->>',
    '+-',
    '*-',
    '%',
  ],
  ...[
    '::int,',
    ' AS "x",',
    '+/* c */',
    '-- c\n,',
    '/* /* n */ */,',
    ' /**/ + ',
    '<-',
    '=-',
    '~-',
    '@-',
    '<@-',
    '\n,\r',
    '\t,\f',
    '^',
    '&',
    '#',
  ],
]

/** A SELECT list whose items and operators are cut close; many of them parse. */
function texts(): fc.Arbitrary<string> {
  const tail = fc.array(fc.tuple(fc.constantFrom(...JOINERS), fc.constantFrom(...PIECES)), { maxLength: 4 })
  const end = fc.constantFrom('', ';', ' -- end', ' /* end */', '\n;\n', ';;')
  return fc
    .tuple(fc.constantFrom(...PIECES), tail, end)
    .map(([first, rest, last]) => `SELECT ${first}${rest.map((pair) => pair.join('')).join('')}${last}`)
}

function parses(text: string): boolean {
  try {
    parseText(text)
    return true
  } catch {
    return false
  }
}

function boundaries(text: string): readonly (readonly number[])[] {
  const { count, starts, ends } = tokenize(Buffer.from(text))
  return Array.from({ length: count }, (_, i) => [starts[i] ?? 0, ends[i] ?? 0])
}

const COMMENTS = new Set(['SQL_COMMENT', 'C_COMMENT'])

/** PostgreSQL's scanner counts the white space behind a string to the string, and the N in front of one as a word. */
function scanned(text: string): readonly (readonly number[])[] {
  const bytes = Buffer.from(text)
  const cut: [number, number][] = []
  let wasNational = false
  for (const { start, end, tokenName } of scanSync(text).tokens) {
    if (COMMENTS.has(tokenName)) continue
    const token = bytes.subarray(start, end).toString('utf8')
    const last = start + Buffer.byteLength(withoutTail(token))
    if (wasNational) cut.push([(cut.pop() ?? [0])[0], last])
    else cut.push([start, last])
    wasNational = token.toLowerCase() === 'n' && bytes[end] === 0x27
  }
  return cut
}

function withoutTail(token: string): string {
  return token.replace(/(?<=['"])\s+$/, '')
}

function captured(): readonly string[] {
  const root = new URL('../../data/captured/', import.meta.url)
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.sql'))
    .flatMap((name) => readFileSync(new URL(name, root), 'utf8').split(/;?\n-- --\n?/))
    .filter((text) => text.trim() !== '' && parses(text))
}
