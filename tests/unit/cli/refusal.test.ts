import { expect, test } from 'vitest'
import { formatRefusal } from '../../../src/cli/refusal.js'
import { GatewayError } from '../../../src/core/errors.js'

test('points at the character, whatever stands before it', () => {
  const sql = "SELECT '🐘',\n\té FROM secrets"
  const position = [...sql].indexOf('s', 20) + 1
  const error = new GatewayError('RELATION_DENIED', { relation: 'secrets' }, { position, hint: 'Ask.' })
  expect(formatRefusal(error, sql)).toBe(
    'ERROR:  42501: relation "secrets" is not available to this login\n' +
      'LINE 2: \té FROM secrets\n' +
      '        \t       ^\n' +
      'HINT:  Ask.',
  )
})

test('goes without a caret where there is no position', () => {
  expect(formatRefusal(new GatewayError('STATEMENT_TOO_COMPLEX', {}), 'SELECT 1')).toBe(
    'ERROR:  54001: statement is too deeply nested',
  )
})
