import { hasHeirs } from '../schema/inheritance.js'
import { type ForeignKey, type Relation, type RelationKind, relationKey } from '../schema/relation.js'
import type { Snapshot } from '../schema/snapshot.js'
import { systemRelation } from './catalogs.js'
import { isSharedByExtension } from './extensions.js'
import type { Policy, RelationRule } from './policy.js'

/** What a tenant login may see of a relation; ISOLATION §1 says what each kind gets. */
export type Access =
  | { readonly kind: 'tenant'; readonly column: string }
  | {
      readonly kind: 'via'
      readonly column: string
      readonly references: { readonly schema: string; readonly name: string; readonly column: string }
    }
  | { readonly kind: 'shared' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'metadata' }
  /** A counter of all tenants: one who reads it sees the greatest of its own values instead. */
  | { readonly kind: 'sequence' }
  | { readonly kind: 'denied' }
  /** A table of the session's own, in pg_temp; nothing that `accessOf` would find. */
  | { readonly kind: 'temporary' }

const DENIED: Access = { kind: 'denied' }

/** Whether it has rows: a sequence is a counter, a composite type has none. */
const HAS_ROWS = {
  table: true,
  'partitioned table': true,
  view: true,
  'materialized view': true,
  'foreign table': true,
  sequence: false,
  'composite type': false,
} as const satisfies Record<RelationKind, boolean>

type Tie = Pick<Extract<RelationRule, { access: 'via' }>, 'column' | 'references'>

type Decide = (relation: Relation, context: Context) => Access

interface Context {
  readonly snapshot: Snapshot
  readonly policy: Policy
}

/**
 * What a tenant login may see of a relation, by its absolute name; undefined where there is no such relation.
 *
 * The answer is the same for relations that don't exist and denied ones only after the caller has made it so: the
 * client must not tell `undefined` from `denied`.
 */
export function accessOf(
  name: { readonly schema: string; readonly name: string },
  snapshot: Snapshot,
  policy: Policy,
): Access | undefined {
  if (name.schema === 'pg_catalog' || name.schema === 'information_schema') return systemAccess(name, policy)
  if (isReserved(name.schema)) return DENIED
  const relation = snapshot.relations.get(relationKey(name.schema, name.name))
  return relation === undefined ? undefined : decide(relation, { snapshot, policy })
}

/** A rule may only take a system relation away: what is shown of the others isn't the policy's to widen. */
function systemAccess(
  name: { readonly schema: string; readonly name: string },
  policy: Policy,
): Access | undefined {
  const kind = systemRelation(name.schema, name.name)
  if (kind === undefined) return undefined
  const rule = policy.relations.get(relationKey(name.schema, name.name))
  return rule?.access === 'denied' ? DENIED : { kind }
}

/** pg_toast holds every tenant's long values; pg_temp_3 is another session's; the server reserves the prefix. */
function isReserved(schema: string): boolean {
  return schema.startsWith('pg_')
}

const decide: Decide = (relation, context) => {
  const rule = ruleOf(relation, context)
  if (relation.kind === 'sequence' && rule?.access !== 'denied') return { kind: 'sequence' }
  if (!HAS_ROWS[relation.kind]) return DENIED
  if (relation.schema === context.policy.controlSchema) return controlAccess(relation, rule)
  return rule === undefined ? undeclared(relation, context) : declared(relation, rule, context)
}

function controlAccess(relation: Relation, rule: RelationRule | undefined): Access {
  if (relation.name !== 'tenants' || rule?.access === 'denied') return DENIED
  return tenantBy(relation, 'id')
}

/**
 * The relation's own rule, else the strictest of its ancestors': a partition or child holds rows of its parent, so
 * naming it must not get round what the parent's rule says.
 */
function ruleOf(relation: Relation, context: Context): RelationRule | undefined {
  const own = context.policy.relations.get(relationKey(relation.schema, relation.name))
  if (own !== undefined) return own
  const inherited = relation.parents
    .map((key) => context.snapshot.relations.get(key))
    .flatMap((parent) => (parent === undefined ? [] : [ruleOf(parent, context)]))
  return STRICTEST_FIRST.map((access) => inherited.find((rule) => rule?.access === access)).find(Boolean)
}

/** `shared` isn't inherited: sharing is declared for a relation by its own name, never guessed. */
const STRICTEST_FIRST = ['denied', 'via', 'tenant'] as const

function declared(relation: Relation, rule: RelationRule, context: Context): Access {
  switch (rule.access) {
    case 'denied':
      return DENIED
    case 'shared':
      return { kind: 'shared' }
    case 'tenant':
      return tenantBy(relation, rule.column ?? context.policy.tenantColumn)
    case 'via':
      return via(relation, rule, context)
  }
}

function tenantBy(relation: Relation, column: string): Access {
  return canPin(relation, column) ? { kind: 'tenant', column } : DENIED
}

/** By citext, or a collation that isn't deterministic, `acme` may equal `ACME`: the pin would hold two tenants' rows. */
function canPin(relation: Relation, name: string): boolean {
  return relation.columns.some((column) => column.name === name && column.exact)
}

/**
 * A child is its parent's tenant's only if one child row can have one parent row and never another tenant's: that is
 * what a foreign key of that one column promises. Without it a row whose parent went away would belong to the next
 * tenant who takes the key. It binds no row of a table that inherits, on either side; and no other foreign
 * key may move the row to another parent.
 */
function via(relation: Relation, rule: Extract<RelationRule, { access: 'via' }>, context: Context): Access {
  const { references, column } = rule
  const { snapshot } = context
  const parent = snapshot.relations.get(relationKey(references.schema, references.name))
  const isTied =
    tieOf(relation, rule)?.validated === true && hasColumn(relation, column) && !isMoved(relation, rule)
  if (parent === undefined || !isTied || hasHeirs(parent, snapshot) || hasHeirs(relation, snapshot))
    return DENIED
  return ruleOf(parent, context)?.access !== 'via' && decide(parent, context).kind === 'tenant'
    ? { kind: 'via', column, references }
    : DENIED
}

/** Whether a row can get the key of a parent that nobody compared with the tenant's, when a row that it refers to changes or goes. */
function isMoved({ foreignKeys }: Relation, { column, references }: Tie): boolean {
  const parent = relationKey(references.schema, references.name)
  return foreignKeys.some((foreign) => {
    const index = foreign.columns.indexOf(column)
    const isOfParent = foreign.references === parent && foreign.referencedColumns[index] === references.column
    return index >= 0 && (foreign.resets || (foreign.cascades && !isOfParent))
  })
}

/** The foreign key of one column that ties a child to the key of its parent. */
export function tieOf({ foreignKeys }: Relation, { column, references }: Tie): ForeignKey | undefined {
  const ties = foreignKeys.filter(
    (foreign) =>
      foreign.references === relationKey(references.schema, references.name) &&
      isOnly(foreign.columns, column) &&
      isOnly(foreign.referencedColumns, references.column),
  )
  return ties.find((foreign) => foreign.validated) ?? ties[0]
}

function undeclared(relation: Relation, context: Context): Access {
  if (isSharedByExtension(relation, context.policy)) return { kind: 'shared' }
  const column = context.policy.tenantColumn
  if (relation.kind === 'view' || relation.kind === 'materialized view') return provenView(relation, context)
  return tenantBy(relation, column)
}

/**
 * A view is the tenant's only if introspection proved its tenant column to be the tenant column of a base relation to
 * whose tenant everything it reads is tied, and if it reads nothing that this tenant may not read itself.
 */
function provenView(relation: Relation, context: Context): Access {
  const column = context.policy.tenantColumn
  const source = relation.view?.columns.get(column)
  if (relation.view === null || source === undefined) return DENIED
  const base = accessByKey(source.relation, context)
  const isProven = base?.kind === 'tenant' && base.column === source.column
  const mayRead = relation.view.reads.every((key) => READABLE.has(accessByKey(key, context)?.kind))
  return isProven && mayRead ? tenantBy(relation, column) : DENIED
}

/** `empty` is not among them: below a view nothing would empty it. */
const READABLE: ReadonlySet<Access['kind'] | undefined> = new Set(['tenant', 'via', 'shared', 'metadata'])

function accessByKey(key: string, context: Context): Access | undefined {
  const [schema = '', name = ''] = key.split('\0')
  return accessOf({ schema, name }, context.snapshot, context.policy)
}

function hasColumn(relation: Relation, name: string): boolean {
  return relation.columns.some((column) => column.name === name)
}

function isOnly(columns: readonly string[], name: string): boolean {
  return columns.length === 1 && columns[0] === name
}
