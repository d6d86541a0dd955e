import { expect, test } from 'vitest'
import { demandBoundedTimeout, liftsTimeout } from '../../../src/session/timeout-effects.js'
import type { CompiledStatement, Effect } from '../../../src/sql/compiled.js'

const statement = (...effects: Effect[]): CompiledStatement => ({
  command: 'SET',
  effects,
  tag: null,
  pin: null,
})
const timeout = (value: string | null, local = false): Effect => ({
  kind: 'set',
  name: 'statement_timeout',
  value,
  local,
})
const SELECT = statement()
const LIMITS = { statementTimeoutMs: 300, idleInTransactionMs: 0 }
const NONE = { statementTimeoutMs: 0, idleInTransactionMs: 0 }

test.each([
  ['a lower one', [statement(timeout('100', true)), SELECT]],
  ['a higher one by itself, which the limit replaces', [statement(timeout('0'))]],
  ['a higher one at the end', [SELECT, statement(timeout('0'))]],
  ['RESET ALL at the end', [SELECT, statement({ kind: 'reset-all' })]],
] as const)('lets through %s', (_title, statements) => {
  expect(() => demandBoundedTimeout(statements, LIMITS)).not.toThrow()
})

test.each([
  ['for a transaction', [statement(timeout('0', true))]],
  [
    'by a call',
    [statement({ kind: 'set', name: 'statement_timeout', value: '0', local: false, byCall: true })],
  ],
  ['in front of a statement', [statement(timeout('0')), SELECT]],
  ['by its default', [statement(timeout(null)), SELECT]],
  ['with everything else', [statement({ kind: 'reset-all' }), SELECT]],
] as const)('refuses to lift the limit %s', (_title, statements) => {
  expect(() => demandBoundedTimeout(statements, LIMITS)).toThrow(
    expect.objectContaining({ code: 'SETTING_VALUE' }),
  )
  expect(() => demandBoundedTimeout(statements, NONE)).not.toThrow()
})

test('tells what lifts the limit until it is put right', () => {
  expect(liftsTimeout([SELECT, statement({ kind: 'reset-all' })], LIMITS)).toBe(true)
  expect(liftsTimeout([statement(timeout('100'))], LIMITS)).toBe(false)
  expect(liftsTimeout([statement(timeout('0'))], NONE)).toBe(false)
})

test('each timeout has the limit of its own', () => {
  const name = 'idle_in_transaction_session_timeout'
  const idle = (value: string): Effect => ({ kind: 'set', name, value, local: true })
  const limits = { statementTimeoutMs: 0, idleInTransactionMs: 50 }
  expect(liftsTimeout([statement(timeout('0', true))], limits)).toBe(false)
  expect(liftsTimeout([statement(idle('40ms'))], limits)).toBe(false)
  expect(() => demandBoundedTimeout([statement(idle('60ms'))], limits)).toThrow(
    expect.objectContaining({ code: 'SETTING_VALUE', detail: expect.stringContaining('50 ms') }),
  )
})
