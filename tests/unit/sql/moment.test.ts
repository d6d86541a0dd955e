import { expect, test } from 'vitest'
import { namesMoment } from '../../../src/sql/moment.js'

test.each([
  [`SELECT 'now'::timestamptz`, true],
  [`SELECT date ' Tomorrow'`, true],
  [`SELECT '{now,2020-01-01}'::timestamptz[]`, true],
  [`SELECT timestamp '12:30today'`, true],
  [`SELECT $$yesterday$$::date`, true],
  [`SELECT E' \\tNOW'::timestamp`, true],
  [`SELECT now(), now ()`, false],
  [`SELECT 'nowhere', 'I know', todays, is_now FROM t FOR UPDATE NOWAIT`, false],
  [`SELECT 'then'`, false],
])('%s: %s', (text, expected) => {
  expect(namesMoment(Buffer.from(text))).toBe(expected)
})
