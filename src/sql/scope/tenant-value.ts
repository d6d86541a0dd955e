import type { Node } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { type Struct, untag } from '../ast/walk.js'
import type { TenantCheck } from '../compiled.js'
import { constantText, strings } from '../resolve/outputs.js'
import type { RelationSite } from '../resolve/resolution.js'
import type { ScopeContext } from './context.js'

/** Casts that leave a tenant's id as it is. */
const NEUTRAL_TYPES = new Set(['text', 'varchar', 'bpchar', 'uuid', 'int2', 'int4', 'int8'])

/** The check under which a client's value for the tenant column is the tenant; null where no check can prove it. */
export function tenantCheck(value: Node | undefined, target: RelationSite): TenantCheck | null {
  const column = target.access.kind === 'tenant' ? target.access.column : ''
  const type =
    target.relation?.columns.find((candidate) => candidate.name === column)?.type ?? 'pg_catalog.text'
  const relation = target.name
  const bare = withoutNeutralCast(value)
  if (bare?.kind === 'ParamRef')
    return { kind: 'parameter', number: Number(bare.struct.number ?? 0), relation, type }
  const constant = bare === null ? null : constantText({ [bare.kind]: bare.struct })
  return constant === null ? null : { kind: 'literal', value: constant, relation, type }
}

function withoutNeutralCast(
  value: Node | undefined,
): { readonly kind: string; readonly struct: Struct } | null {
  const node = untag(value ?? {})
  if (node?.kind !== 'TypeCast') return node
  const type = node.struct.typeName as { names?: Node[]; typmods?: Node[]; arrayBounds?: Node[] }
  const isNeutral =
    type.typmods === undefined &&
    type.arrayBounds === undefined &&
    NEUTRAL_TYPES.has(strings(type.names).at(-1) ?? '')
  return isNeutral ? untag(node.struct.arg ?? {}) : null
}

/**
 * Demands that assignments leave the tenant column as it is: a literal or parameter that is the tenant, or the column itself.
 *
 * Throws   TENANT_COLUMN
 */
export function proveAssignments(
  target: RelationSite,
  assignments: readonly Node[],
  context: ScopeContext,
): void {
  const column = target.access.kind === 'tenant' ? target.access.column : ''
  for (const node of assignments) {
    if (!('ResTarget' in node) || node.ResTarget.name !== column) continue
    const value = assignedValue(node.ResTarget.val)
    if (node.ResTarget.indirection === undefined && isSameColumn(value, target, column)) continue
    const check = node.ResTarget.indirection === undefined ? tenantCheck(value, target) : null
    if (check === null) throw tenantColumnError(target, column, context.position(node.ResTarget.location))
    context.checks.push(check)
  }
}

/** `SET (a, b) = (x, y)` stands in the tree as one row, shared by its columns. */
function assignedValue(value: Node | undefined): Node | undefined {
  if (value === undefined || !('MultiAssignRef' in value)) return value
  const { source, colno } = value.MultiAssignRef
  if (source === undefined || !('RowExpr' in source)) return undefined
  return source.RowExpr.args?.[(colno ?? 0) - 1]
}

function isSameColumn(value: Node | undefined, target: RelationSite, column: string): boolean {
  if (value === undefined || !('ColumnRef' in value)) return false
  const names = strings(value.ColumnRef.fields)
  const own = target.rangeVar.alias?.aliasname ?? target.rangeVar.relname
  return (
    names.length === 2 &&
    names[1] === column &&
    (names[0] === own || (target.use === 'insert' && names[0] === 'excluded'))
  )
}

export function tenantColumnError(target: RelationSite, column: string, position: number): GatewayError {
  return new GatewayError(
    'TENANT_COLUMN',
    { column, relation: target.name },
    { position, hint: `Leave ${column} out; the gateway supplies it.` },
  )
}
