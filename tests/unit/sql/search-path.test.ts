import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatSearchPath, parseSearchPath } from '../../../src/sql/search-path.js'

describe('parseSearchPath', () => {
  test.each<[string, readonly string[] | null]>([
    ['', []],
    ['  ', []],
    ['public', ['public']],
    ['a, b,c', ['a', 'b', 'c']],
    ['Public', ['public']],
    ['"Public", "a b"', ['Public', 'a b']],
    ['"a""b"', ['a"b']],
    ['"$user", public', ['$user', 'public']],
    ['"a,b"', ['a,b']],
    ['a,', null],
    [',a', null],
    ['a,,b', null],
    ['a b', null],
    ['"a', null],
    ['a"b', null],
  ])('reads %j as the server does', (text, expected) => {
    expect(parseSearchPath(text)).toEqual(expected)
  })
})

describe('formatSearchPath', () => {
  test.each([
    [[], ''],
    [['public'], 'public'],
    [['a_1', 'b$2'], 'a_1, b$2'],
    [['Public', 'a b', 'ä', '1a'], '"Public", "a b", "ä", "1a"'],
    [['a"b'], '"a""b"'],
    [['$user', 'public'], '"$user", public'],
    [[''], '""'],
  ])('writes %j as SHOW does', (names, expected) => {
    expect(formatSearchPath(names)).toBe(expected)
  })

  test('writes what parseSearchPath reads back', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (names) => {
        expect(parseSearchPath(formatSearchPath(names))).toEqual(names)
      }),
    )
  })
})
