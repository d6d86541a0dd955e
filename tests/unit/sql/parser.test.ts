import { beforeAll, describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/errors.js'
import { parse } from '../../../src/sql/parse.js'
import { GrammarError, loadParser, ParserTrap, parseText } from '../../../src/sql/parser.js'
import { compileSql } from '../../support/sql-world.js'

beforeAll(loadParser)

/** The SQLSTATE of what a text is refused with, or null. */
function refusal(text: string | Buffer, maxTextBytes = 1_000_000): string | null {
  try {
    parse(typeof text === 'string' ? Buffer.from(text) : text, { maxTextBytes })
    return null
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return error.sqlstate
  }
}

/** Texts whose trees are too deep for the parser's stack or for ours. */
const DEEP: readonly (readonly [string, string])[] = [
  ['a sum of 10,000 terms', `SELECT ${'1+'.repeat(10_000)}1`],
  ['a chain of comparisons', `SELECT ${'a<b AND NOT '.repeat(3000)}${'NOT '.repeat(3000)}a`],
  ['10,000 brackets', `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
  ['10,000 array brackets', `SELECT ${'ARRAY['.repeat(10_000)}1${']'.repeat(10_000)}`],
  ['10,000 subqueries', `${'SELECT ('.repeat(10_000)}SELECT 1${')'.repeat(10_000)}`],
  ['10,000 casts', `SELECT 1${'::int'.repeat(10_000)}`],
  ['10,000 collations', `SELECT a${' COLLATE "C"'.repeat(10_000)}`],
  ['10,000 subscripts', `SELECT a${'[1]'.repeat(10_000)}`],
  ['10,000 fields', `SELECT (a)${'.b'.repeat(10_000)}`],
  ['a set operation of 10,000 arms', `SELECT 1${' UNION SELECT 1'.repeat(10_000)}`],
  ['10,000 joins', `SELECT 1 FROM a${' CROSS JOIN a'.repeat(10_000)}`],
  ['10,000 CASEs', `SELECT ${'CASE WHEN true THEN '.repeat(10_000)}1${' END'.repeat(10_000)}`],
  ['10,000 signs', `SELECT ${'- '.repeat(10_000)}1`],
  ['10,000 time zones', `SELECT a${" AT TIME ZONE 'x'".repeat(10_000)}`],
  ['10,000 IS tests', `SELECT a${' IS NULL'.repeat(10_000)}`],
  ['10,000 EXPLAINs', `${'EXPLAIN '.repeat(10_000)}SELECT 1`],
]

describe('parse refuses', () => {
  test.each(DEEP)('%s with 54001, and parses the next statement', (_title, text) => {
    expect(['54001', '42601']).toContain(refusal(text))
    expect(refusal('SELECT 1')).toBeNull()
  })

  test('the same deep texts many times in a row', () => {
    for (let round = 0; round < 40; round += 1) {
      for (const [title, text] of DEEP.slice(0, 4)) expect(refusal(text), title).not.toBeNull()
    }
    expect(refusal('SELECT 1 FROM a')).toBeNull()
  })

  test.each([
    ['more bytes than it may', 'SELECT 1', 7, '54000'],
    ['bytes that are no UTF-8', Buffer.from([0x53, 0xff]), 100, '22021'],
    ['an overlong character', Buffer.from([0x27, 0xc0, 0xaf, 0x27]), 100, '22021'],
    ['a lone surrogate', Buffer.from([0x27, 0xed, 0xa0, 0x80, 0x27]), 100, '22021'],
    ['a NUL, behind which the parser would see nothing', 'SELECT 1\0; DROP TABLE a', 100, '22021'],
    ['what is no SQL', 'SELEC 1', 100, '42601'],
    ['an open string', "SELECT 'a", 100, '42601'],
    ['an open comment', 'SELECT 1 /* a', 100, '42601'],
    ['an open dollar quote', 'SELECT $a$ b $b$', 100, '42601'],
  ])('%s', (_title, text, maxBytes, sqlstate) => {
    expect(refusal(text, maxBytes)).toBe(sqlstate)
  })

  test.each([
    ['SELECT 1 FROM FROM a', 15],
    ["SELECT 'äöü' FROM FROM a", 19],
    ["SELECT '😀' FROM FROM a", 17],
    ["SELECT 'abc", 8],
    ['SELECT 1; SELEC 2', 11],
  ])('a syntax error at its character: %s', (text, position) => {
    try {
      parse(Buffer.from(text), { maxTextBytes: 1000 })
    } catch (error) {
      expect(error).toBeInstanceOf(GatewayError)
      expect((error as GatewayError).position).toBe(position)
      return
    }
    expect.unreachable()
  })
})

describe('parse accepts', () => {
  test.each([
    ['nothing', ''],
    ['comments', '-- a\n/* b */'],
    ['semicolons', ';;'],
    ['a wide list', `SELECT ${'1,'.repeat(20_000)}1`],
    ['a long AND', `SELECT 1 WHERE ${'a = 1 AND '.repeat(5000)}true`],
    ['a long OR', `SELECT 1 WHERE ${'a = 1 OR '.repeat(5000)}true`],
    ['a long IN', `SELECT 1 WHERE a IN (${"'x',".repeat(20_000)}'x')`],
    ['many rows', `INSERT INTO a VALUES ${'(1, 2, -3),'.repeat(5000)}(1, 2, 3)`],
    ['many statements', 'SELECT 1 + 1;'.repeat(3000)],
    ['a sum of 1,000 terms', `SELECT ${'1+'.repeat(1000)}1`],
    ['200 brackets', `SELECT ${'('.repeat(200)}1${')'.repeat(200)}`],
    ['a name that is cut', `SELECT ${'a'.repeat(100)}`],
  ])('%s', (_title, text) => {
    expect(refusal(text)).toBeNull()
  })

  test('a long chain, and compiles it to the end', () => {
    const chain = `SELECT ${'id + '.repeat(200)}1 FROM orders WHERE ${'note <> note AND '.repeat(3000)}true`
    expect(compileSql(chain).statements).toHaveLength(1)
  })
})

describe('parseText', () => {
  test('has a parser for everybody else after three traps in one go', async () => {
    const deep = `SELECT ${'1+'.repeat(20_000)}1`
    for (let trap = 0; trap < 3; trap += 1) expect(() => parseText(deep)).toThrow(ParserTrap)
    expect(parseText('SELECT 1').stmts).toHaveLength(1)
    await loadParser()
  })

  test('gives a new instance to whoever comes after a trap', async () => {
    const deep = `SELECT ${'1+'.repeat(20_000)}1`
    for (let round = 0; round < 5; round += 1) {
      expect(() => parseText(deep)).toThrow(ParserTrap)
      expect(parseText('SELECT 1').stmts).toHaveLength(1)
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  })

  test('names the position of a syntax error in characters', () => {
    expect(() => parseText("SELECT 'ä' FROM FROM")).toThrow(GrammarError)
    try {
      parseText("SELECT 'ä' FROM FROM")
    } catch (error) {
      expect((error as GrammarError).position).toBe(17)
    }
  })
})
