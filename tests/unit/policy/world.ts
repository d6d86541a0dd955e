import { type Access, accessOf } from '../../../src/policy/decide.js'
import type { Policy, RelationRule } from '../../../src/policy/policy.js'
import { type Column, type ForeignKey, type Relation, relationKey } from '../../../src/schema/relation.js'
import type { Snapshot } from '../../../src/schema/snapshot.js'

export const DENIED: Access = { kind: 'denied' }
export const TENANT: Access = { kind: 'tenant', column: 'tenant_id' }

function column(name: string): Column {
  return {
    name,
    type: 'pg_catalog.text',
    typeOid: 25,
    typeKind: 'base',
    builtinType: true,
    notNull: true,
    hasDefault: false,
    generated: false,
    virtual: false,
    defaultCollation: true,
    exact: true,
    identity: null,
  }
}

interface Draft extends Partial<Omit<Relation, 'columns'>> {
  readonly columns?: string
}

/** A relation of schema public with these columns, a table unless it says otherwise. */
export function relation(name: string, { columns = 'tenant_id id', ...draft }: Draft = {}): Relation {
  return {
    oid: 1,
    schema: 'public',
    name,
    kind: 'table',
    extension: null,
    columns: columns.split(' ').map(column),
    primaryKey: null,
    uniqueKeys: [],
    foreignKeys: [],
    parents: [],
    view: null,
    ...draft,
  }
}

export const key = (name: string) => relationKey('public', name)

export function foreignKey(from: string, to: string, toColumn = 'id'): ForeignKey {
  return {
    name: 'fk',
    columns: from.split(' '),
    references: key(to),
    referencedColumns: toColumn.split(' '),
    validated: true,
    deferred: false,
    cascades: false,
    resets: false,
    exact: true,
  }
}

interface World {
  readonly relations: readonly Relation[]
  readonly rules?: Readonly<Record<string, RelationRule>>
}

/** What a tenant may see of `name` (in public unless it says otherwise). */
export function access(name: string, { relations, rules = {} }: World): Access | undefined {
  const [schema, bare] = name.includes('.') ? (name.split('.') as [string, string]) : ['public', name]
  const snapshot: Snapshot = {
    generation: 1,
    serverVersion: 180004,
    relations: new Map(relations.map((each) => [relationKey(each.schema, each.name), each])),
    schemas: new Set(['public']),
    extensions: new Set(),
    functions: new Map(),
    operators: new Map(),
    casts: [],
    types: new Map(),
  }
  const policy: Policy = {
    generation: 1,
    tenantColumn: 'tenant_id',
    searchPath: ['public'],
    relations: new Map(
      Object.entries(rules).map(([path, rule]) => {
        const [ruleSchema, ruleName] = path.includes('.')
          ? (path.split('.') as [string, string])
          : ['public', path]
        return [relationKey(ruleSchema, ruleName), rule]
      }),
    ),
    functions: { allow: new Set(), extensions: new Set() },
    explain: 'plan',
    temporaryTables: true,
    controlSchema: 'tenantgate',
  }
  return accessOf({ schema, name: bare }, snapshot, policy)
}
