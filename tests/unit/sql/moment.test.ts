import { expect, test } from 'vitest'
import { namesMoment } from '../../../src/sql/moment.js'

test.each([
  [`SELECT 'now'::timestamptz`, true],
  [`SELECT date ' Tomorrow'`, true],
  [`SELECT now()`, false],
  [`SELECT 'then'`, false],
])('%s: %s', (text, expected) => {
  expect(namesMoment(Buffer.from(text))).toBe(expected)
})
