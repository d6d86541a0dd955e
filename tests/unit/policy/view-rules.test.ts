import { describe, expect, test } from 'vitest'
import type { Policy } from '../../../src/policy/policy.js'
import { viewRules } from '../../../src/policy/view-rules.js'
import type { UserFunction } from '../../../src/schema/functions.js'
import type { Snapshot } from '../../../src/schema/snapshot.js'

const policy: Policy = {
  generation: 1,
  tenantColumn: 'tenant_id',
  searchPath: ['public'],
  relations: new Map(),
  functions: { allow: new Set(['public\0plain', 'public\0inlined', 'public\0cheap']), extensions: new Set() },
  explain: 'plan',
  temporaryTables: true,
  controlSchema: 'tenantgate',
}

function userFunction(name: string, traits: Partial<UserFunction> = {}): [string, readonly UserFunction[]] {
  const function_: UserFunction = {
    schema: 'public',
    name,
    kind: 'function',
    extension: null,
    minArguments: 1,
    maxArguments: 1,
    cost: 100,
    language: 'plpgsql',
    leakproof: false,
    securityDefiner: false,
  }
  return [name, [{ ...function_, ...traits }]]
}

const snapshot: Snapshot = {
  generation: 1,
  serverVersion: 180000,
  relations: new Map(),
  schemas: new Set(['public']),
  extensions: new Set(),
  functions: new Map([
    userFunction('plain'),
    userFunction('inlined', { language: 'sql' }),
    userFunction('cheap', { cost: 0.1 }),
    userFunction('unnamed'),
  ]),
  operators: new Map(),
  casts: [],
  types: new Map(),
}

describe('viewRules', () => {
  const rules = viewRules(policy, () => ({}))(snapshot)

  test.each([
    ['pg_catalog', 'array_length', 'total'],
    ['pg_catalog', 'to_date', 'allowed'],
    ['pg_catalog', 'query_to_xml', 'denied'],
    ['pg_catalog', 'no_such_function', 'denied'],
    ['public', 'plain', 'allowed'],
    ['public', 'inlined', 'denied'],
    ['public', 'cheap', 'denied'],
    ['public', 'unnamed', 'denied'],
    ['other', 'plain', 'denied'],
  ])('%s.%s in a view is %s', (schema, name, access) => {
    expect(rules.functionAccess(schema, name)).toBe(access)
  })
})
