import { describe, expect, test } from 'vitest'
import { relationKey } from '../../../../src/schema/relation.js'
import type { Snapshot } from '../../../../src/schema/snapshot.js'
import { bindType } from '../../../../src/sql/resolve/type-names.js'
import { POLICY, SNAPSHOT } from '../../../support/sql-world.js'

const domain = (name: string, checkName: string, extension: string | null = null) =>
  [
    name,
    [
      {
        oid: 0,
        arrayOid: 0,
        schema: 'public',
        name,
        kind: 'domain',
        extension: null,
        checkFunctions: [{ schema: 'public', name: checkName, extension }],
      },
    ],
  ] as const

const snapshot: Snapshot = {
  ...SNAPSHOT,
  types: new Map([
    ...SNAPSHOT.types,
    domain('noisy', 'peek'),
    domain('slug', 'slugify'),
    domain('near', 'similarity', 'pg_trgm'),
    domain('sealed', 'digest', 'pgcrypto'),
  ]),
}

describe('a domain whose check calls a function', () => {
  test.each([
    ['the policy names', 'slug', false],
    ['of an extension that the policy names', 'near', false],
    ['of another extension', 'sealed', true],
    ['the policy doesn’t name', 'noisy', true],
    ['the policy doesn’t name, as an array', '_noisy', true],
  ])('%s', (_, name, denied) => {
    expect(bindType(['public', name], { snapshot, policy: POLICY }).verdict).toBe(
      denied ? 'denied' : 'allowed',
    )
  })

  test('becomes available once the policy names the function', () => {
    const allow = new Set([relationKey('public', 'peek')])
    const policy = { ...POLICY, functions: { ...POLICY.functions, allow } }
    expect(bindType(['noisy'], { snapshot, policy }).verdict).toBe('allowed')
  })
})
