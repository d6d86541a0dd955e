import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../../src/sql/parser.js'
import { aliasPrefix } from '../../../src/sql/scope/alias-prefix.js'
import { compileSql, scopedSql } from '../../support/sql-world.js'

beforeAll(loadParser)

describe('the prefix of aliases', () => {
  test.each([
    ['SELECT 1', '_tg'],
    ['SELECT _tg1', '_tg_'],
    ['SELECT x_TG__, _tg', '_tg___'],
  ])('stands nowhere in %s', (text, prefix) => {
    expect(aliasPrefix(text)).toBe(prefix)
  })

  test('is found in one pass, and refused where no name could hold it', () => {
    const runs = Array.from({ length: 1300 }, (_, i) => `_tg${'_'.repeat(i)}`)
    expect(() => compileSql(`SELECT id FROM orders /* ${runs.join(' ')} */`)).toThrow('too deeply nested')
    expect(scopedSql(`SELECT id FROM orders /* ${runs.slice(0, 20).join(' ')} */`)).toContain('AS _tg_')
  })
})

describe('stars', () => {
  const stars = (count: number) => Array(count).fill('*').join(',')

  test('inside one another cost no more than the text is long', () => {
    const grown = `(SELECT ${stars(100)} FROM (SELECT ${stars(90)} FROM (SELECT ${stars(1500)} FROM orders) x) y)`
    const text = `SELECT 1 FROM ${Array.from({ length: 6 }, (_, i) => `${grown} z${i}`).join(', ')}`
    expect(compileSql(text).statements).toHaveLength(1)
  })

  test('over a subquery still show whose columns they are', () => {
    expect(scopedSql('SELECT o.note FROM (SELECT * FROM (SELECT * FROM orders) p) o')).toContain("'acme'")
  })
})

test('subqueries inside one another are judged once, wherever they stand', () => {
  const inside = (text: (inner: string) => string, innermost: string) =>
    Array.from({ length: 40 }).reduce<string>((inner) => text(inner), innermost)
  const extremes = inside((inner) => `(SELECT max(id) FROM orders WHERE id = ${inner})`, '1')
  expect(compileSql(`SELECT 1 FROM orders WHERE id = ${extremes}`).statements).toHaveLength(1)
  const outputs = inside((inner) => `(SELECT n FROM (SELECT ${inner} AS n FROM orders) q)`, '1')
  expect(compileSql(`SELECT ${outputs}`).statements).toHaveLength(1)
})

test('more relations than any statement joins are refused', () => {
  expect(() => compileSql(`SELECT 1 FROM orders${', orders'.repeat(5000)}`)).toThrow('too deeply nested')
  const joined = Array.from({ length: 200 }, (_, i) => ` JOIN orders o${i} ON true`).join('')
  expect(compileSql(`SELECT 1 FROM orders${joined}`).statements).toHaveLength(1)
})

test('what many joins compare is looked at no more, and the pins are firm', () => {
  const joined = (count: number) =>
    scopedSql(
      `SELECT 1 FROM orders o0${Array.from({ length: count }, (_, i) => ` JOIN orders o${i + 1} USING (id)`).join('')}`,
    )
  expect(joined(1)).toContain("OPERATOR(pg_catalog.=) 'acme'")
  expect(joined(100)).not.toContain("OPERATOR(pg_catalog.=) 'acme'")
  expect(joined(100)).toContain("OPERATOR(pg_catalog.=) ANY ('{acme}')")
})

test('a token that is not understood is quoted as far as it is short', () => {
  const message = (token: string) => {
    try {
      compileSql(`SELECT 1 '${token}'`)
      return ''
    } catch (error) {
      return (error as Error).message
    }
  }
  expect(message('abc')).toBe(`syntax error at or near "'abc'"`)
  expect(message('x'.repeat(5_000))).toMatch(/^syntax error at or near "'x{900,1000}…"$/)
})
