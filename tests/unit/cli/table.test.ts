import { expect, test } from 'vitest'
import { table } from '../../../src/cli/table.js'

test('makes each column as wide as its widest cell, without blanks at the end', () => {
  expect(
    table(
      ['ID', 'NAME'],
      [
        ['a', 'Ängström'],
        ['bcd', ''],
      ],
    ),
  ).toBe('ID   NAME\na    Ängström\nbcd')
})
