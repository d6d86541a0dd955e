import { beforeAll, describe, expect, test } from 'vitest'
import { tokenize } from '../../../src/sql/lexer.js'
import { isTooDeep } from '../../../src/sql/nesting.js'
import { loadParser, parseText } from '../../../src/sql/parser.js'

beforeAll(loadParser)

const tooDeep = (text: string) => isTooDeep(tokenize(Buffer.from(text)))
const nested = (open: string, close: string) => (n: number) => `SELECT ${open.repeat(n)}a${close.repeat(n)}`
const chain = (start: string, link: string) => (n: number) => `${start}${link.repeat(n)}`

/** Shapes whose tree grows by a step with each repetition, whatever they hold that ends an item elsewhere. */
const SHAPES: readonly (readonly [string, (n: number) => string])[] = [
  ['signs', nested('- ', '')],
  ['NOT', nested('NOT ', '')],
  ['brackets', nested('(', ')')],
  ['arguments behind a comma', nested('f(1, ', ')')],
  ['signs before arguments behind a comma', nested('- - - coalesce(1, ', ')')],
  ['subqueries', nested('(SELECT ', ')')],
  ['CASE behind AND', nested('CASE WHEN b AND ', ' THEN 1 END')],
  ['CASE with a field named end', nested('CASE WHEN b.end AND ', ' THEN 1 END')],
  ['operators behind the brackets', nested('(', `${'+1'.repeat(50)})`)],
  ['window clauses', nested('f(1) OVER (ORDER BY ', ')')],
  ['operators', chain('SELECT a', ' + 1')],
  ['qualified operators', chain('SELECT a', ' OPERATOR(pg_catalog.+) 1')],
  ['operators and fields named and', chain('SELECT a', ' + a.and')],
  ['operators and fields named union', chain('SELECT a', ' + a.union')],
  ['BETWEEN', chain('SELECT a', ' BETWEEN 1 AND 2 IS TRUE')],
  ['time zones', chain('SELECT a', " AT TIME ZONE 'x'")],
  ['set operations of two columns', chain('SELECT 1, 2', ' UNION SELECT 1, 2')],
  ['joins', chain('SELECT 1 FROM a', ' JOIN a ON b AND c')],
  ['CTEs in CTEs', (n) => `${'WITH x AS ('.repeat(n)}SELECT 1${') SELECT 1'.repeat(n)}`],
]

describe('too deep is', () => {
  test.each(SHAPES)('%s without end, but not a few', (_, shape) => {
    expect(tooDeep(shape(10))).toBe(false)
    expect(tooDeep(shape(4000))).toBe(true)
  })

  test.each(SHAPES)('%s long before the parser has no stack left', (_, shape) => {
    let deepest = 10
    while (!tooDeep(shape(deepest + 10))) deepest += 10
    expect(parseText(shape(2 * deepest)).stmts).toHaveLength(1)
  })
})

describe('as wide as it likes is', () => {
  test.each([
    ['a list', (n: number) => `SELECT 1${', 1'.repeat(n)}`],
    ['AND', chain('SELECT a', ' AND a = 1')],
    ['OR', chain('SELECT a', ' OR a BETWEEN 1 AND 2')],
    ['rows', chain('VALUES (1)', ', (f(1, 2 + 3))')],
    ['a CASE', (n: number) => `SELECT CASE${' WHEN a = 1 THEN 2'.repeat(n)} END`],
    ['a row of statements', chain('', 'SELECT 1 + 1 UNION SELECT 2;')],
  ])('%s', (_, shape) => {
    expect(tooDeep(shape(20_000))).toBe(false)
  })
})
