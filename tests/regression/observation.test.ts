import { expect, test } from 'vitest'
import type { Observation } from '../support/world/observe.js'
import { judge } from './observation.js'
import { ruleOf } from './rules.js'

function answer(rows: readonly (readonly string[])[], about: Partial<Observation> = {}): Observation {
  const results = [{ columns: ['id 23'], rows, tag: `SELECT ${rows.length}` }]
  return { results, error: null, notices: [], received: rows.flat().join(), ...about }
}

function failure(code: string, message: string): Observation {
  return { ...answer([]), results: [], error: { code, message }, received: message }
}

const REFUSAL = failure('42501', 'function lo_get is not available to this login (incident 8f3k)')
const ONE = answer([['1']])

test.each([
  ['the same', ONE, ONE, 'same'],
  ['another row', ONE, answer([['2']]), 'different'],
  ['a row less', answer([]), ONE, 'different'],
  ['an error instead', failure('22012', 'division by zero'), ONE, 'different'],
  [
    'the same error',
    failure('22012', 'division by zero'),
    failure('22012', 'division by zero'),
    'same error',
  ],
  ['a refusal', REFUSAL, ONE, 'refused'],
  ['a refusal of what fails', REFUSAL, failure('42883', 'no such function'), 'same error'],
  ['another tenant’s marker', answer([['kanarie']]), ONE, 'leak'],
  ['another tenant’s marker in an error', failure('22P02', 'invalid: kanarie'), ONE, 'leak'],
] as const)('%s is told', (_title, seen, own, verdict) => {
  expect(judge('SELECT id FROM t', { seen, own }, false).verdict).toBe(verdict)
})

test('names of the policy’s path are an exclusion only where the session has another', () => {
  const answers = { seen: failure('42704', 'type "mood" does not exist'), own: ONE }
  expect(judge('SELECT id::mood FROM t', answers, false).verdict).toBe('different')
  expect(judge('SELECT id::mood FROM t', answers, true).verdict).toBe('excluded')
})

test('a refusal is of the rule that docs/supported-sql.md names, or of none', () => {
  expect(ruleOf('42501 function lo_get is not available to this login')).toBe('FUNCTION_DENIED')
  expect(ruleOf('42501 it was not to be')).toBeNull()
})
