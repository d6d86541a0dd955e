import { describe, expect, test } from 'vitest'
import { COMPARISON_FAILS, totalLikePattern, totalOperator } from '../../../src/policy/operators.js'

test.each(['=', '<>', '<', '<=', '>', '>=', '^@', '~<~'])('%s is total', (name) => {
  expect(totalOperator(name)).toBe(true)
})

test.each([
  '~~',
  '!~~',
  '~~*',
  '~',
  '~*',
  '+',
  '-',
  '*',
  '/',
  '%',
  '||',
  '->',
  '->>',
  '@>',
  '@@',
  '<->',
  '!=',
  '',
])('%s is not total', (name) => {
  expect(totalOperator(name)).toBe(false)
})

test('knows the types whose comparison can fail', () => {
  expect([...COMPARISON_FAILS]).toEqual(['box', 'circle', 'line', 'lseg', 'record'])
})

describe('a constant LIKE pattern', () => {
  test.each(['', '%', 'abc%', '100\\%', 'a\\\\', '\\\\\\\\', '_\\_'])('%j is total', (pattern) => {
    expect(totalLikePattern(pattern)).toBe(true)
  })

  test.each(['\\', 'secret\\', 'a\\\\\\'])(
    '%j is not, because it ends in an unpaired backslash',
    (pattern) => {
      expect(totalLikePattern(pattern)).toBe(false)
    },
  )
})
