import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redact } from '../../../src/audit/redact.js'

const parsed = (text: string) => redact(Buffer.from(text), Buffer.byteLength(text))
const unparsed = (text: string, trusted = 0) => redact(Buffer.from(text), trusted)

describe('a text that parses', () => {
  test.each([
    ['strings', "SELECT * FROM o WHERE a = 'x''y'", 'SELECT * FROM o WHERE a = ?'],
    [
      'escape, bit, national and unicode strings',
      "SELECT E'a\\'b', B'01', X'ff', N'n', U&'\\0061'",
      'SELECT ?, ?, ?, ?, ?',
    ],
    ['dollar quotes', 'SELECT $$a$$, $t$b $$ c$t$', 'SELECT ?, ?'],
    ['strings that go on in the next line', "SELECT 'a'\n  'b', c", 'SELECT ?, c'],
    ['numbers', 'SELECT 1, 1.5e-3, 0xff, .5 FROM t1', 'SELECT ?, ?, ?, ? FROM t1'],
    ['signs of numbers', 'SELECT -1, a - 1, (+2), a-1', 'SELECT ?, a - ?, (?), a-?'],
    ['booleans', 'SELECT TRUE WHERE false', 'SELECT ? WHERE ?'],
    ['parameters stay', 'SELECT $1, $12', 'SELECT $1, $12'],
    ['comments', "SELECT 1 /* a /* b */ 'c' */ -- d\n, x", 'SELECT ? , x'],
    ['quoted names stay', 'SELECT "Mood", "äb" FROM "my table"', 'SELECT "Mood", "äb" FROM "my table"'],
    [
      'quoted text that is no name',
      'SELECT * FROM t WHERE mail = "bob@example.org"',
      'SELECT * FROM t WHERE mail = "?"',
    ],
  ])('%s', (_, text, expected) => {
    expect(parsed(text).sql).toBe(expected)
  })
})

describe('a text that does not parse', () => {
  test.each([
    [
      'only keywords stay behind the error',
      "SELECT * FROM o WHERE a = 'O'Brien is broke'",
      29,
      'SELECT * FROM o WHERE a = ?? is ??',
    ],
    ['nothing but keywords stays where nobody tried', 'SELECT secret FROM hunter2', 0, 'SELECT ? FROM ?'],
    ['an unclosed string is one literal', "SELECT 'abc FROM x", 7, 'SELECT ?'],
    ['an unclosed comment is a comment', 'SELECT /* abc FROM x', 7, 'SELECT'],
    ['quoted names go', 'SELECT "hunter2"', 0, 'SELECT "?"'],
    ['bytes that are no text', 'SELECT \u0000 \u0001', 0, 'SELECT ? ?'],
  ])('%s', (_, text, trusted, expected) => {
    expect(unparsed(text, trusted).sql).toBe(expected)
  })
})

describe('fingerprint', () => {
  test.each([
    ["SELECT * FROM o WHERE a = 'x' AND b = 1", "select  *\nfrom o -- c\n where a = 'yy' and b = -22"],
    ['SELECT $$a$$', "SELECT 'b'"],
    ['INSERT INTO t VALUES (1, true)', "INSERT INTO t VALUES ('a', FALSE)"],
  ])('is equal where only literals, comments, space and case differ: %s', (left, right) => {
    expect(parsed(left).fingerprint).toBe(parsed(right).fingerprint)
  })

  test.each([
    ['SELECT a FROM o', 'SELECT b FROM o'],
    ['SELECT $1', 'SELECT $2'],
    ['SELECT a -1', 'SELECT a, -1'],
    ['SELECT ab', 'SELECT a b'],
  ])('differs where more differs: %s', (left, right) => {
    expect(parsed(left).fingerprint).not.toBe(parsed(right).fingerprint)
  })
})

test('no literal survives, whatever it contains', () => {
  const canary = 'zqcanaryqz'
  const literal = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll('\0', ''))
  fc.assert(
    fc.property(literal, literal, (before, after) => {
      const quoted = `'${`${before}${canary}${after}`.replaceAll("'", "''")}'`
      expect(parsed(`SELECT * FROM t WHERE a = ${quoted}`).sql).not.toContain(canary)
    }),
  )
})

test('gives something for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, trusted) => {
      expect(redact(Buffer.from(bytes), trusted).fingerprint).toMatch(/^[0-9a-f]{16}$/)
    }),
  )
})

test('cuts a long text and says so', () => {
  const { sql } = parsed(`SELECT ${'a,'.repeat(100_000)}`)
  expect(sql.length).toBeLessThan(70_000)
  expect(sql.endsWith(' …')).toBe(true)
})
