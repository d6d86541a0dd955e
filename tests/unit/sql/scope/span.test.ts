import type { RangeVar } from '@pgsql/types'
import { beforeAll, describe, expect, test } from 'vitest'
import { tokenize } from '../../../../src/sql/lexer.js'
import { loadParser, parseText } from '../../../../src/sql/parser.js'
import { relationSpan } from '../../../../src/sql/scope/span.js'

beforeAll(loadParser)

/** The first relation of a FROM clause. */
function relationOf(text: string): { readonly rangeVar: RangeVar; readonly isSampled: boolean } {
  const [raw] = parseText(text).stmts ?? []
  const statement = raw?.stmt
  const item =
    statement !== undefined && 'SelectStmt' in statement ? statement.SelectStmt.fromClause?.[0] : undefined
  if (item !== undefined && 'RangeVar' in item) return { rangeVar: item.RangeVar, isSampled: false }
  const sampled =
    item !== undefined && 'RangeTableSample' in item ? item.RangeTableSample.relation : undefined
  if (sampled === undefined || !('RangeVar' in sampled)) throw new Error(`no relation in ${text}`)
  return { rangeVar: sampled.RangeVar, isSampled: true }
}

describe('relationSpan', () => {
  test.each([
    ['a name', 't', 't', 't', 't'],
    ['a schema', 's . t', 's . t', 's . t', 's . t'],
    ['an alias', 't AS a', 't AS a', 't', 't AS a'],
    ['an alias without AS', 't a', 't a', 't', 't a'],
    ['an alias with columns', 't a (b, c)', 't a (b, c)', 't', 't a (b, c)'],
    ['a star', 't *', 't *', 't *', 't *'],
    ['a star and an alias', 's.t * AS a', 's.t * AS a', 's.t *', 's.t * AS a'],
    ['ONLY', 'ONLY t', 't', 'ONLY t', 'ONLY t'],
    ['ONLY and an alias', 'ONLY s.t a', 's.t a', 'ONLY s.t', 'ONLY s.t a'],
    ['ONLY with brackets', 'ONLY (t)', 't)', 'ONLY (t)', 'ONLY (t)'],
    [
      'ONLY with brackets and an alias',
      'ONLY ( s.t ) AS a (b)',
      's.t ) AS a (b)',
      'ONLY ( s.t )',
      'ONLY ( s.t ) AS a (b)',
    ],
    [
      'escaped names',
      `U&"t" UESCAPE '!' U&"a"`,
      `U&"t" UESCAPE '!' U&"a"`,
      `U&"t" UESCAPE '!'`,
      `U&"t" UESCAPE '!' U&"a"`,
    ],
    ['comments', 't /* a */ AS -- b\n c', 't /* a */ AS -- b\n c', 't', 't /* a */ AS -- b\n c'],
    ['a sample', 't TABLESAMPLE system (1)', 't TABLESAMPLE system (1)', 't', 't TABLESAMPLE system (1)'],
    [
      'a sample with all its parts',
      't a TABLESAMPLE x.bernoulli ((1)) REPEATABLE (2)',
      't a TABLESAMPLE x.bernoulli ((1)) REPEATABLE (2)',
      't',
      't a TABLESAMPLE x.bernoulli ((1)) REPEATABLE (2)',
    ],
  ])('covers %s', (_title, item, fromName, expression, whole) => {
    const text = `SELECT * FROM ${item} WHERE (true)`
    const tokens = tokenize(Buffer.from(text))
    const { rangeVar, isSampled } = relationOf(text)
    const span = relationSpan(tokens, rangeVar, isSampled)
    expect(text.slice(span.start, span.end)).toBe(whole)
    expect(text.slice(span.start, span.expressionEnd)).toBe(expression)
    expect(text.slice(span.name, span.end)).toBe(fromName)
    expect(tokens.starts[span.startToken]).toBe(span.start)
    expect(text.slice(tokens.starts[span.nextToken])).toBe('WHERE (true)')
  })

  test('ends at the end of the text where nothing follows', () => {
    const text = 'TABLE t'
    const tokens = tokenize(Buffer.from(text))
    const span = relationSpan(tokens, { relname: 't', inh: true, location: 6 }, false)
    expect(span.end).toBe(text.length)
    expect(span.nextToken).toBe(tokens.count)
  })
})
