import { expect, test } from 'vitest'
import { COMPARISON_FAILS, totalOperator } from '../../../src/policy/operators.js'

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
