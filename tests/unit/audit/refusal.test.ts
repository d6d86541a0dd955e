import { expect, test } from 'vitest'
import { type Refusal, statementRefused } from '../../../src/audit/refusal.js'
import { GatewayError } from '../../../src/core/errors.js'
import { IncidentId } from '../../../src/core/ids.js'

const subject = {
  tenant: 'acme',
  login: 'acme_app',
  loginKind: 'app',
  clientAddress: '127.0.0.1',
  applicationName: null,
}

function refusal(error: GatewayError, text: string, literals: Refusal['literals'] = 'redact') {
  return statementRefused({
    error,
    incident: IncidentId.create(),
    subject,
    text: Buffer.from(text),
    literals,
  })
}

test('says what was refused, where, and why', () => {
  const error = new GatewayError('RELATION_DENIED', { relation: 'secrets' }, { position: 15 })
  expect(refusal(error, "SELECT * FROM secrets WHERE a = 'b'")).toMatchObject({
    kind: 'statement_refused',
    subject,
    sqlstate: '42501',
    reason: 'RELATION_DENIED',
    message: 'relation "secrets" is not available to this login',
    position: 15,
    sql: 'SELECT * FROM secrets WHERE a = ?',
  })
})

test('a syntax error keeps the words before it and none behind it', () => {
  const error = new GatewayError(
    'SYNTAX_ERROR',
    { message: 'syntax error at or near "hunter2"' },
    { position: 'SELECT ä FROM o WHERE '.length + 1 },
  )
  const event = refusal(error, 'SELECT ä FROM o WHERE hunter2 hunter3')
  expect(event.sql).toBe('SELECT ä FROM o WHERE ? ?')
  expect(event.message).toBe('syntax error at or near "?"')
})

test('a message that quotes a value is redacted', () => {
  const error = new GatewayError('SETTING_VALUE', { setting: 'datestyle', value: 'hunter2' })
  expect(refusal(error, "SET datestyle TO 'hunter2'").message).toBe(
    'invalid value for parameter "datestyle": "?"',
  )
})

test('keeps literals where the configuration says so', () => {
  const error = new GatewayError('SETTING_VALUE', { setting: 'datestyle', value: 'x' })
  expect(refusal(error, "SET datestyle TO 'x' -- c", 'keep')).toMatchObject({
    sql: "SET datestyle TO 'x' -- c",
    message: 'invalid value for parameter "datestyle": "x"',
  })
})

test('of a very long text only the start is kept, with literals and without', () => {
  const text = `SELECT '${'ä'.repeat(100_000)}' FROM secrets`
  const error = new GatewayError(
    'SYNTAX_ERROR',
    { message: `syntax error at "${'x'.repeat(100_000)}"` },
    { position: 90_000 },
  )
  for (const literals of ['keep', 'redact'] as const) {
    const event = refusal(error, text, literals)
    expect(event.sql.length).toBeLessThan(70_000)
    expect(event.sql.endsWith(' …')).toBe(true)
    expect(event.message.length).toBeLessThan(10_000)
  }
  expect(refusal(error, text).message).toBe('syntax error at "?"')
})
