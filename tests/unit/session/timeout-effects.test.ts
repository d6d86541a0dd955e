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

test.each([
  ['a lower one', [statement(timeout('100', true)), SELECT]],
  ['a higher one by itself, which the limit replaces', [statement(timeout('0'))]],
  ['a higher one at the end', [SELECT, statement(timeout('0'))]],
  ['RESET ALL at the end', [SELECT, statement({ kind: 'reset-all' })]],
] as const)('lets through %s', (_title, statements) => {
  expect(() => demandBoundedTimeout(statements, 300)).not.toThrow()
})

test.each([
  ['for a transaction', [statement(timeout('0', true))]],
  ['in front of a statement', [statement(timeout('0')), SELECT]],
  ['by its default', [statement(timeout(null)), SELECT]],
  ['with everything else', [statement({ kind: 'reset-all' }), SELECT]],
] as const)('refuses to lift the limit %s', (_title, statements) => {
  expect(() => demandBoundedTimeout(statements, 300)).toThrow(
    expect.objectContaining({ code: 'SETTING_VALUE' }),
  )
  expect(() => demandBoundedTimeout(statements, 0)).not.toThrow()
})

test('tells what lifts the limit until it is put right', () => {
  expect(liftsTimeout([SELECT, statement({ kind: 'reset-all' })], 300)).toBe(true)
  expect(liftsTimeout([statement(timeout('100'))], 300)).toBe(false)
  expect(liftsTimeout([statement(timeout('0'))], 0)).toBe(false)
})
