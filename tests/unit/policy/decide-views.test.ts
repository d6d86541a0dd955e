import { describe, expect, test } from 'vitest'
import type { RelationRule } from '../../../src/policy/policy.js'
import { type Relation, relationKey, type ViewProof } from '../../../src/schema/relation.js'
import { access, DENIED, key, relation, TENANT } from './world.js'

const orders = relation('orders')

function proof(base: string, reads = [base], baseColumn = 'tenant_id'): ViewProof {
  return {
    columns: new Map([['tenant_id', { relation: key(base), column: baseColumn }]]),
    reads: reads.map(key),
    total: true,
    single: true,
  }
}

describe.each(['view', 'materialized view'] as const)('a %s', (kind) => {
  const view = (draft: ViewProof | null) => relation('v', { kind, view: draft })

  test('is the tenant’s where its tenant column is proven', () => {
    expect(access('v', { relations: [view(proof('orders')), orders] })).toEqual(TENANT)
  })

  test('is denied where nothing is proven, though it has the column', () => {
    expect(access('v', { relations: [view(null), orders] })).toEqual(DENIED)
    expect(access('v', { relations: [view({ ...proof('orders'), columns: new Map() }), orders] })).toEqual(
      DENIED,
    )
  })

  test('is denied where the proven column is not the base relation’s tenant column', () => {
    expect(access('v', { relations: [view(proof('orders', ['orders'], 'customer')), orders] })).toEqual(
      DENIED,
    )
    const rules: Record<string, RelationRule> = { orders: { access: 'tenant', column: 'id' } }
    expect(access('v', { relations: [view(proof('orders')), orders], rules })).toEqual(DENIED)
  })

  test.each<[string, readonly Relation[], Record<string, RelationRule>]>([
    ['a second tenant relation', [relation('customers')], {}],
    ['a shared relation', [relation('customers', { columns: 'id' })], { customers: { access: 'shared' } }],
  ])('may read %s beside it', (_, others, rules) => {
    const reading = view(proof('orders', ['orders', 'customers']))
    expect(access('v', { relations: [reading, orders, ...others], rules })).toEqual(TENANT)
  })

  test.each<[string, readonly Relation[], Record<string, RelationRule>]>([
    ['an undeclared relation', [relation('customers', { columns: 'id' })], {}],
    ['a denied relation', [relation('customers')], { customers: { access: 'denied' } }],
    ['a relation that is unknown', [], {}],
    ['a view that is not proven', [relation('customers', { kind: 'view' })], {}],
  ])('may not read %s', (_, others, rules) => {
    const reading = view(proof('orders', ['orders', 'customers']))
    expect(access('v', { relations: [reading, orders, ...others], rules })).toEqual(DENIED)
  })

  test('may read catalogs that describe the schema, but none that would have to be emptied', () => {
    const reading = (catalog: string) => {
      const base = proof('orders')
      return view({ ...base, reads: [...base.reads, relationKey('pg_catalog', catalog)] })
    }
    expect(access('v', { relations: [reading('pg_class'), orders] })).toEqual(TENANT)
    expect(access('v', { relations: [reading('pg_stat_activity'), orders] })).toEqual(DENIED)
    expect(access('v', { relations: [reading('pg_authid'), orders] })).toEqual(DENIED)
  })

  test('is what the policy declares, proven or not', () => {
    expect(access('v', { relations: [view(null), orders], rules: { v: { access: 'tenant' } } })).toEqual(
      TENANT,
    )
    expect(
      access('v', { relations: [view(proof('orders')), orders], rules: { v: { access: 'denied' } } }),
    ).toEqual(DENIED)
  })
})
