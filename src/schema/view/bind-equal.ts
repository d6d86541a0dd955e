import type { ProofContext } from './prove.js'
import type { Tenancy } from './rules.js'
import { type Field, fieldOf, type Level } from './scope.js'
import type { TenancyGraph } from './tenancy-graph.js'
import { names, node, nodes } from './tree.js'

export interface Binding {
  readonly level: Level
  readonly context: ProofContext
  readonly graph: TenancyGraph
  /** The instances whose rows the condition filters. */
  readonly bindable: readonly number[]
}

/** Takes from a condition every `a = b` that it demands of each row, and binds the instances whose tenants it makes equal. */
export function bindEqual(condition: unknown, binding: Binding): void {
  if (condition === undefined) return
  const { kind, fields } = node(condition)
  if (kind === 'BoolExpr' && fields.boolop === 'AND_EXPR') {
    for (const conjunct of fields.args as readonly unknown[]) bindEqual(conjunct, binding)
  }
  if (kind !== 'A_Expr' || fields.kind !== 'AEXPR_OP' || !isEquality(fields.name)) return
  bindFields(fieldOf(fields.lexpr, binding.level), fieldOf(fields.rexpr, binding.level), binding)
}

export function bindFields(left: Field | null, right: Field | null, binding: Binding): void {
  if (left === null || right === null || !sameTenant(left, right, binding.context)) return
  const { graph, bindable } = binding
  if (bindable.includes(left.instance)) graph.bind(left.instance, right.instance)
  if (bindable.includes(right.instance)) graph.bind(right.instance, left.instance)
}

/** Under the empty search path an unqualified operator is pg_catalog's. */
function isEquality(name: unknown): boolean {
  const path = names(name)
  return path.at(-1) === '=' && (path.length === 1 || path[0] === 'pg_catalog') && nodes(name).length <= 2
}

/** Equal tenant columns; a child's reference equal to its parent's key; two references to the same parent. */
function sameTenant(left: Field, right: Field, context: ProofContext): boolean {
  const [a, b] = [anchorOf(left, context), anchorOf(right, context)]
  if (a === 'tenant' || b === 'tenant') return a === b || referencesTenantColumn(left, right, context)
  if (a === null && b === null) return false
  return (a ?? ownKey(left)) === (b ?? ownKey(right))
}

/** A child may reference its parent by the very column that is the parent's tenant column. */
function referencesTenantColumn(left: Field, right: Field, context: ProofContext): boolean {
  return anchorOf(left, context) === ownKey(right) || anchorOf(right, context) === ownKey(left)
}

function ownKey(field: Field): string {
  return `${field.relation}\0${field.column}`
}

/** 'tenant', the parent's key that the column references, or null. */
function anchorOf(field: Field, context: ProofContext): string | null {
  const proof = context.proof(field.relation)
  if (proof !== null) return proof.columns.has(field.column) ? 'tenant' : null
  const relation = context.relation(field.relation)
  const tenancy: Tenancy = relation === undefined ? { kind: 'none' } : context.rules.tenancy(relation)
  if (tenancy.kind === 'none' || tenancy.column !== field.column) return null
  return tenancy.kind === 'tenant' ? 'tenant' : `${tenancy.references}\0${tenancy.referencedColumn}`
}
