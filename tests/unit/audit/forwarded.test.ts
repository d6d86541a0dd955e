import { expect, test } from 'vitest'
import { statementForwarded } from '../../../src/audit/forwarded.js'
import { toRecord } from '../../../src/audit/record.js'

const subject = {
  tenant: null,
  login: 'root',
  loginKind: 'operator',
  clientAddress: '127.0.0.1',
  applicationName: 'psql',
}

function forwarded(text: string, about: { readonly trusted?: number; readonly keeps?: boolean } = {}) {
  const bytes = Buffer.from(text)
  const { trusted = bytes.length, keeps = false } = about
  return statementForwarded({ subject, text: bytes, trusted, literals: keeps ? 'keep' : 'redact' })
}

test('a statement that is sent is written down without its literals', () => {
  const event = forwarded("ALTER ROLE app PASSWORD 'hunter2' -- soon")
  expect(toRecord(event, 0)).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    kind: 'statement',
    incident: event.incident,
    tenant: null,
    login: 'root',
    login_kind: 'operator',
    client_address: '127.0.0.1',
    application_name: 'psql',
    sqlstate: '00000',
    reason: 'FORWARDED',
    cause: null,
    message: null,
    position: null,
    fingerprint: event.fingerprint,
    sql: 'ALTER ROLE app PASSWORD ?',
  })
})

test('what may be the inside of a string is not shown', () => {
  expect(forwarded("SELECT 'it\\' hunter2 FROM x", { trusted: 0 }).sql).toBe('SELECT ? ? FROM ?')
})

test('literals are kept where the configuration says so, up to the length of any other text', () => {
  expect(forwarded("SELECT 'x' -- c", { keeps: true }).sql).toBe("SELECT 'x' -- c")
  expect(forwarded('x'.repeat(70_000), { keeps: true }).sql).toBe(`${'x'.repeat(65_536)} …`)
})
