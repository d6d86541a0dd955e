import { GatewayError } from '../../core/errors.js'
import type { TenantCheck } from '../compiled.js'
import { isTree, names, node, type Tree } from './shapes.js'

const NEUTRAL = new Set(['text', 'varchar', 'bpchar', 'uuid', 'int2', 'int4', 'int8'])

/** Whether a value is a literal or parameter that will be compared with the tenant before the statement runs. */
export function isTenantValue(value: unknown, context: { readonly checks: readonly TenantCheck[] }): boolean {
  const bare = withoutCast(value)
  const parameter = node(bare, 'ParamRef')
  if (parameter !== null) {
    return context.checks.some((check) => check.kind === 'parameter' && check.number === parameter.number)
  }
  const text = literal(bare)
  return text !== null && context.checks.some((check) => check.kind === 'literal' && check.value === text)
}

function withoutCast(value: unknown): unknown {
  const cast = node(value, 'TypeCast')
  if (cast === null) return value
  const type = isTree(cast.typeName) ? cast.typeName : {}
  const isNeutral =
    type.typmods === undefined &&
    type.arrayBounds === undefined &&
    NEUTRAL.has(names(type.names)?.at(-1) ?? '')
  return isNeutral ? cast.arg : null
}

function literal(value: unknown): string | null {
  const constant = node(value, 'A_Const')
  for (const field of ['sval', 'ival', 'fval']) {
    const inner = constant?.[field]
    if (isTree(inner)) return String(inner[field] ?? (field === 'ival' ? 0 : ''))
  }
  return null
}

export function unproven(relation: Tree): GatewayError {
  return new GatewayError('ISOLATION_UNPROVEN', { relation: String(relation.relname ?? '') })
}
