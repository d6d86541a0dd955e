import type { Node } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { type Struct, untag } from '../ast/walk.js'
import type { TenantCheck } from '../compiled.js'
import { constantText, isExpanding, strings } from '../resolve/outputs.js'
import type { RelationSite } from '../resolve/resolution.js'
import type { ScopeContext } from './context.js'

/** The check under which a client's value for the tenant column is the tenant; null where no check can prove it. */
export function tenantCheck(
  value: Node | undefined,
  target: RelationSite,
  context: ScopeContext,
): TenantCheck | null {
  const name = target.access.kind === 'tenant' ? target.access.column : ''
  const column = target.relation?.columns.find((candidate) => candidate.name === name)
  if (column === undefined) return null
  const about = { relation: target.name, type: column.type }
  const bare = withoutNeutralCast(value, column.type)
  if (bare?.kind === 'ParamRef') {
    const number = Number(bare.struct.number ?? 0)
    return context.hasTypeOf(number, column) ? { kind: 'parameter', number, ...about } : null
  }
  const constant = bare === null ? null : constantText({ [bare.kind]: bare.struct })
  return constant === null ? null : { kind: 'literal', value: constant, ...about }
}

/** A cast to the column's own type, or between text and varchar, leaves a tenant's id as it is. */
function withoutNeutralCast(
  value: Node | undefined,
  columnType: string,
): { readonly kind: string; readonly struct: Struct } | null {
  const node = untag(value ?? {})
  if (node?.kind !== 'TypeCast') return node
  const type = node.struct.typeName as { names?: Node[]; typmods?: Node[]; arrayBounds?: Node[] }
  const name = strings(type.names).at(-1) ?? ''
  const isText = TEXTS.has(name) && TEXTS.has(columnType.replace('pg_catalog.', ''))
  const isBare = type.typmods === undefined && type.arrayBounds === undefined
  return isBare && (isText || columnType === `pg_catalog.${name}`) ? untag(node.struct.arg ?? {}) : null
}

const TEXTS = new Set(['text', 'varchar'])

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
  for (const node of assignments) {
    if (!('ResTarget' in node) || !isTenantColumn(node.ResTarget.name, target)) continue
    const column = node.ResTarget.name ?? ''
    const value = assignedValue(node.ResTarget.val)
    if (node.ResTarget.indirection === undefined && isSameColumn(value, target, column)) continue
    const check = node.ResTarget.indirection === undefined ? tenantCheck(value, target, context) : null
    if (check === null) throw tenantColumnError(target, column, context.position(node.ResTarget.location))
    context.checks.push(check)
  }
}

/** The tenant column, under every name that a view gives it. */
export function isTenantColumn(name: string | undefined, target: RelationSite): boolean {
  if (name === undefined || target.access.kind !== 'tenant') return false
  return name === target.access.column || (target.relation?.view?.columns.has(name) ?? false)
}

/** `SET (a, b) = (x, y)` stands in the tree as one row, shared by its columns. */
function assignedValue(value: Node | undefined): Node | undefined {
  if (value === undefined || !('MultiAssignRef' in value)) return value
  const { source, colno } = value.MultiAssignRef
  if (source === undefined || !('RowExpr' in source)) return undefined
  const values = source.RowExpr.args ?? []
  return values.some(isExpanding) ? undefined : values[(colno ?? 0) - 1]
}

/** Whether a column is given its own value, or that of the row which was to be inserted. */
export function isSameColumn(value: Node | undefined, target: RelationSite, column: string): boolean {
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
