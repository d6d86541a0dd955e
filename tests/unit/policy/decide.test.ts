import { describe, expect, test } from 'vitest'
import type { Access } from '../../../src/policy/decide.js'
import type { RelationRule } from '../../../src/policy/policy.js'
import type { Relation } from '../../../src/schema/relation.js'
import { access, DENIED, foreignKey, key, relation, TENANT } from './world.js'

const viaOrders: RelationRule = {
  access: 'via',
  column: 'order_id',
  references: { schema: 'public', name: 'orders', column: 'id' },
}
const items = relation('items', { columns: 'id order_id', foreignKeys: [foreignKey('order_id', 'orders')] })
const orders = relation('orders')

describe('without a rule', () => {
  test.each(['table', 'partitioned table', 'foreign table'] as const)(
    'a %s with the tenant column is the tenant’s, without it denied',
    (kind) => {
      expect(access('t', { relations: [relation('t', { kind })] })).toEqual(TENANT)
      expect(access('t', { relations: [relation('t', { kind, columns: 'id tenant' })] })).toEqual(DENIED)
    },
  )

  test('a tenant column whose type or collation takes two tenants for one is denied', () => {
    const columns = orders.columns.map((column) => ({
      ...column,
      exact: column.name !== 'tenant_id',
    }))
    expect(access('t', { relations: [{ ...relation('t'), columns }] })).toEqual(DENIED)
  })

  test('a composite type is denied, and a sequence is one, tenant column or not', () => {
    expect(access('t', { relations: [relation('t', { kind: 'composite type' })] })).toEqual(DENIED)
    expect(access('t', { relations: [relation('t', { kind: 'sequence' })] })).toEqual({ kind: 'sequence' })
  })

  test('a relation that the snapshot does not know is unknown', () => {
    expect(access('t', { relations: [] })).toBeUndefined()
    expect(access('other.orders', { relations: [orders] })).toBeUndefined()
  })
})

describe('a rule', () => {
  test('names another tenant column, which must exist', () => {
    const world = { relations: [relation('t', { columns: 'account id' })] }
    expect(access('t', { ...world, rules: { t: { access: 'tenant', column: 'account' } } })).toEqual({
      kind: 'tenant',
      column: 'account',
    })
    expect(access('t', { ...world, rules: { t: { access: 'tenant', column: 'owner' } } })).toEqual(DENIED)
    expect(access('t', { ...world, rules: { t: { access: 'tenant' } } })).toEqual(DENIED)
  })

  test('shares or denies a relation with the tenant column', () => {
    expect(access('orders', { relations: [orders], rules: { orders: { access: 'shared' } } })).toEqual({
      kind: 'shared',
    })
    expect(access('orders', { relations: [orders], rules: { orders: { access: 'denied' } } })).toEqual(DENIED)
  })

  test('can deny a sequence, and not show what it counts', () => {
    const world = { relations: [relation('s', { kind: 'sequence', columns: 'last_value' })] }
    expect(access('s', { ...world, rules: { s: { access: 'denied' } } })).toEqual(DENIED)
    expect(access('s', { ...world, rules: { s: { access: 'shared' } } })).toEqual({ kind: 'sequence' })
  })

  test('does not make a relation that is not there', () => {
    expect(access('t', { relations: [], rules: { t: { access: 'shared' } } })).toBeUndefined()
  })
})

describe('via', () => {
  test('follows a foreign key of one column to a tenant relation', () => {
    expect(access('items', { relations: [items, orders], rules: { items: viaOrders } })).toEqual({
      kind: 'via',
      column: 'order_id',
      references: { schema: 'public', name: 'orders', column: 'id' },
    })
  })

  test('follows it when the key of the parent changes', () => {
    const cascades = { cascades: true }
    const foreignKeys = [
      { ...foreignKey('order_id', 'orders'), ...cascades },
      { ...foreignKey('kind order_id', 'orders', 'kind id'), ...cascades },
      { ...foreignKey('kind', 'kinds'), resets: true },
    ]
    const child = relation('items', { columns: 'id order_id kind', foreignKeys })
    expect(access('items', { relations: [child, orders], rules: { items: viaOrders } })?.kind).toBe('via')
  })

  test.each<[string, Relation]>([
    ['there is no foreign key', relation('items', { columns: 'id order_id' })],
    [
      'the foreign key is another column’s',
      relation('items', { columns: 'id order_id', foreignKeys: [foreignKey('id', 'orders')] }),
    ],
    [
      'it leads elsewhere',
      relation('items', { columns: 'id order_id', foreignKeys: [foreignKey('order_id', 'invoices')] }),
    ],
    [
      'it references another key',
      relation('items', {
        columns: 'id order_id',
        foreignKeys: [foreignKey('order_id', 'orders', 'number')],
      }),
    ],
    [
      'only several columns together tie it',
      relation('items', {
        columns: 'id order_id',
        foreignKeys: [foreignKey('order_id id', 'orders', 'id number')],
      }),
    ],
    [
      'the foreign key may not hold of every row',
      relation('items', {
        columns: 'id order_id',
        foreignKeys: [{ ...foreignKey('order_id', 'orders'), validated: false }],
      }),
    ],
    ...(['resets', 'cascades'] as const).map((action): [string, Relation] => [
      `another foreign key ${action} the column`,
      relation('items', {
        columns: 'id order_id',
        foreignKeys: [
          foreignKey('order_id', 'orders'),
          { ...foreignKey('id order_id', 'kits', 'id id'), [action]: true },
        ],
      }),
    ]),
    [
      'its foreign key gives it a default',
      relation('items', {
        columns: 'id order_id',
        foreignKeys: [{ ...foreignKey('order_id', 'orders'), resets: true }],
      }),
    ],
    [
      'the column is missing',
      relation('items', { columns: 'id', foreignKeys: [foreignKey('order_id', 'orders')] }),
    ],
  ])('is denied where %s', (_, child) => {
    expect(access('items', { relations: [child, orders], rules: { items: viaOrders } })).toEqual(DENIED)
  })

  test.each(['items', 'orders'])(
    'is denied where tables inherit from %s, whose keys do not bind them',
    (name) => {
      const heir = relation('heir', { columns: 'tenant_id id order_id', parents: [key(name)] })
      const rules = { items: viaOrders }
      expect(access('items', { relations: [items, orders, heir], rules })).toEqual(DENIED)
      const partitioned = [items, orders].map((each) => ({ ...each, kind: 'partitioned table' as const }))
      expect(access('items', { relations: [...partitioned, heir], rules })?.kind).toBe('via')
    },
  )

  test('is denied where the parent is not a tenant relation', () => {
    expect(access('items', { relations: [items], rules: { items: viaOrders } })).toEqual(DENIED)
    const plain = relation('orders', { columns: 'id' })
    expect(access('items', { relations: [items, plain], rules: { items: viaOrders } })).toEqual(DENIED)
    const shared: RelationRule = { access: 'shared' }
    expect(
      access('items', { relations: [items, orders], rules: { items: viaOrders, orders: shared } }),
    ).toEqual(DENIED)
  })

  test('does not go on through a second via, nor round in a circle', () => {
    const self: RelationRule = { ...viaOrders, references: { schema: 'public', name: 'items', column: 'id' } }
    const ring = relation('items', { columns: 'id order_id', foreignKeys: [foreignKey('order_id', 'items')] })
    expect(access('items', { relations: [ring], rules: { items: self } })).toEqual(DENIED)
    const notes = relation('notes', { columns: 'item_id', foreignKeys: [foreignKey('item_id', 'items')] })
    const viaItems: RelationRule = {
      access: 'via',
      column: 'item_id',
      references: { schema: 'public', name: 'items', column: 'id' },
    }
    expect(
      access('notes', { relations: [notes, items, orders], rules: { items: viaOrders, notes: viaItems } }),
    ).toEqual(DENIED)
  })
})

describe('a partition or child', () => {
  const child = relation('orders_2026', { columns: 'tenant_id account id', parents: [key('orders')] })
  const parent = relation('orders', { columns: 'tenant_id account id', kind: 'partitioned table' })

  test('is a tenant relation by its own column', () => {
    expect(access('orders_2026', { relations: [child, parent] })).toEqual(TENANT)
  })

  test('follows its parent’s rule, through any number of generations', () => {
    const grandchild = relation('orders_2026_01', {
      columns: 'tenant_id account id',
      parents: [key('orders_2026')],
    })
    const relations = [grandchild, child, parent]
    const byAccount: RelationRule = { access: 'tenant', column: 'account' }
    expect(access('orders_2026_01', { relations, rules: { orders: byAccount } })).toEqual({
      kind: 'tenant',
      column: 'account',
    })
    expect(access('orders_2026_01', { relations, rules: { orders: { access: 'denied' } } })).toEqual(DENIED)
  })

  test('follows the strictest of several parents', () => {
    const both = relation('both', { parents: [key('a'), key('b')] })
    const relations = [both, relation('a'), relation('b')]
    const rules: Record<string, RelationRule> = { a: { access: 'tenant' }, b: { access: 'denied' } }
    expect(access('both', { relations, rules })).toEqual(DENIED)
  })

  test('is not shared because its parent is', () => {
    const plain = relation('leaf', { columns: 'id', parents: [key('lookup')] })
    const relations = [plain, relation('lookup', { columns: 'id' })]
    expect(access('leaf', { relations, rules: { lookup: { access: 'shared' } } })).toEqual(DENIED)
  })

  test('its own rule wins over its parent’s', () => {
    const rules: Record<string, RelationRule> = {
      orders: { access: 'denied' },
      orders_2026: { access: 'tenant' },
    }
    expect(access('orders_2026', { relations: [child, parent], rules })).toEqual(TENANT)
  })
})

describe('the control schema', () => {
  const control = (name: string, columns: string) => relation(name, { schema: 'tenantgate', columns })
  const relations = [control('tenants', 'id name settings'), control('logins', 'name secret tenant_id')]

  test('shows a tenant its own row of tenants', () => {
    expect(access('tenantgate.tenants', { relations })).toEqual({ kind: 'tenant', column: 'id' })
  })

  test('denies everything else, whatever the columns or rules', () => {
    expect(access('tenantgate.logins', { relations })).toEqual(DENIED)
    expect(
      access('tenantgate.logins', { relations, rules: { 'tenantgate.logins': { access: 'shared' } } }),
    ).toEqual(DENIED)
  })

  test('gives no more of tenants than that, but less where a rule denies it', () => {
    expect(
      access('tenantgate.tenants', { relations, rules: { 'tenantgate.tenants': { access: 'shared' } } }),
    ).toEqual({
      kind: 'tenant',
      column: 'id',
    })
    expect(
      access('tenantgate.tenants', { relations, rules: { 'tenantgate.tenants': { access: 'denied' } } }),
    ).toEqual(DENIED)
  })
})

describe('system relations', () => {
  test.each<[string, Access['kind']]>([
    ['pg_catalog.pg_class', 'metadata'],
    ['information_schema.tables', 'metadata'],
    ['pg_catalog.pg_stat_activity', 'empty'],
    ['pg_catalog.pg_authid', 'denied'],
  ])('%s is %s', (name, kind) => {
    expect(access(name, { relations: [] })).toEqual({ kind })
  })

  test('a rule can take one away, never widen it', () => {
    const denied: RelationRule = { access: 'denied' }
    const shared: RelationRule = { access: 'shared' }
    expect(
      access('pg_catalog.pg_roles', { relations: [], rules: { 'pg_catalog.pg_roles': denied } }),
    ).toEqual(DENIED)
    expect(
      access('pg_catalog.pg_authid', { relations: [], rules: { 'pg_catalog.pg_authid': shared } }),
    ).toEqual(DENIED)
    expect(
      access('pg_catalog.pg_locks', { relations: [], rules: { 'pg_catalog.pg_locks': shared } }),
    ).toEqual({ kind: 'empty' })
  })

  test('an unknown one is unknown', () => {
    expect(access('pg_catalog.pg_nothing', { relations: [] })).toBeUndefined()
  })

  test.each(['pg_toast', 'pg_temp', 'pg_temp_3', 'pg_toast_temp_3'])('all of %s is denied', (schema) => {
    const relations = [relation('t', { schema })]
    expect(access(`${schema}.t`, { relations })).toEqual(DENIED)
    expect(access(`${schema}.unknown`, { relations })).toEqual(DENIED)
  })
})
