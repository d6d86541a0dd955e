import { expect, test } from 'vitest'
import { boundedTimeout } from '../../../src/limits/bounded-timeout.js'

test.each([
  [undefined, '5000'],
  ['0', '5000'],
  ['1000', '1000'],
  ['5000', '5000'],
  ['5001', '5000'],
  ['3s', '3s'],
  ['6s', '5000'],
  ['1min', '5000'],
  ['0.05min', '0.05min'],
  ['900us', '900us'],
  ['1d', '5000'],
  ['0x10', '5000'],
  ['-1', '5000'],
  ['soon', '5000'],
])('%s becomes %s under a limit of 5 s', (wanted, kept) => {
  expect(boundedTimeout(wanted, 5_000)).toBe(kept)
})

test('without a limit it is what was wanted', () => {
  expect(boundedTimeout('0', 0)).toBe('0')
  expect(boundedTimeout(undefined, 0)).toBeUndefined()
})
