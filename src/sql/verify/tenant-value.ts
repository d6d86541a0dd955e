import { GatewayError } from '../../core/errors.js'
import type { TenantCheck } from '../compiled.js'
import { isTree, names, node, type Tree } from './shapes.js'

const TEXTS = new Set(['text', 'varchar'])

/** Whether a value is a literal or parameter that will be compared with the tenant before the statement runs. */
export function isTenantValue(value: unknown, context: { readonly checks: readonly TenantCheck[] }): boolean {
  return context.checks.some((check) => {
    if (check.kind !== 'parameter' && check.kind !== 'literal') return false
    const bare = withoutCast(value, check.type)
    if (check.kind === 'literal') return literal(bare) === check.value
    return node(bare, 'ParamRef')?.number === check.number
  })
}

/** A cast to the column's own type, or between text and varchar, changes nothing. */
function withoutCast(value: unknown, columnType: string): unknown {
  const cast = node(value, 'TypeCast')
  if (cast === null) return value
  const type = isTree(cast.typeName) ? cast.typeName : {}
  const name = names(type.names)?.at(-1) ?? ''
  const isBare = type.typmods === undefined && type.arrayBounds === undefined
  const isText = TEXTS.has(name) && TEXTS.has(columnType.replace('pg_catalog.', ''))
  return isBare && (isText || columnType === `pg_catalog.${name}`) ? cast.arg : null
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
