import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { quoteIdentifier, quoteLiteral } from '../../../src/sql/identifier.js'
import { loadParser, parseText } from '../../../src/sql/parser.js'

beforeAll(loadParser)

/** What PostgreSQL's parser makes of one expression. */
function parsed(expression: string): unknown {
  const statement = parseText(`SELECT ${expression}`).stmts?.[0]?.stmt
  return statement !== undefined && 'SelectStmt' in statement ? statement.SelectStmt.targetList : null
}

const TEXTS = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter((text) => {
  return !text.includes('\0')
})

describe('quoteIdentifier', () => {
  test.each([
    ['orders', 'orders'],
    ['_a$1', '_a$1'],
    ['Orders', '"Orders"'],
    ['a b', '"a b"'],
    ['a"b', '"a""b"'],
    ['1a', '"1a"'],
    ['größe', '"größe"'],
    ['select', '"select"'],
    ['user', '"user"'],
    ['', '""'],
  ])('writes %j as %s', (name, expected) => {
    expect(quoteIdentifier(name)).toBe(expected)
  })

  test('is one name to the parser, whatever stands in it', () => {
    fc.assert(
      fc.property(TEXTS, (name) => {
        expect(JSON.stringify(parsed(`${quoteIdentifier(name)}.x`))).toContain(
          `[{"String":{"sval":${JSON.stringify(name)}}},{"String":{"sval":"x"}}]`,
        )
      }),
    )
  })

  test("quotes every keyword of PostgreSQL's that can't be a table or a column without", () => {
    for (const word of [
      'all',
      'analyse',
      'between',
      'lateral',
      'left',
      'only',
      'tablesample',
      'verbose',
      'window',
    ]) {
      expect(quoteIdentifier(word)).toBe(`"${word}"`)
    }
  })
})

describe('quoteLiteral', () => {
  test('is one string to the parser, whatever stands in it', () => {
    fc.assert(
      fc.property(TEXTS, (text) => {
        expect(JSON.stringify(parsed(quoteLiteral(text)))).toContain(`{"sval":${JSON.stringify(text)}}`)
      }),
    )
  })
})
