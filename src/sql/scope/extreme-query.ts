import type { ColumnRef, Node, RangeVar, SelectStmt, SubLink } from '@pgsql/types'
import { strings } from '../resolve/outputs.js'
import type { RelationSite } from '../resolve/resolution.js'
import { plainSources } from './simple-query.js'

const CLAUSES = new Set(['targetList', 'fromClause', 'whereClause', 'limitOption', 'op'])
const CALL = new Set(['funcname', 'args', 'funcformat', 'location'])

/** A subquery that gives one row whatever it reads: the least or greatest value of a column of its own. */
export interface ExtremeQuery {
  /** `min` or `max`, which the schema may have of its own. */
  readonly name: string
  readonly column: Node
}

/**
 * Recognises a subquery that can fail in nothing but what its rows come from.
 *
 * Without GROUP BY, HAVING and LIMIT an aggregate gives exactly one row, and these two do nothing but compare. Over a column of
 * an outer query it would be that query's aggregate, and the subquery would give every row.
 *
 * Shape    (SELECT min(o.price) FROM offers o WHERE …)
 */
export function extremeQuery(
  { subLinkType, subselect }: SubLink,
  sites: readonly RelationSite[],
  relations: ReadonlySet<RangeVar>,
): ExtremeQuery | null {
  if (subLinkType !== 'EXPR_SUBLINK' || subselect === undefined || !('SelectStmt' in subselect)) return null
  const select = subselect.SelectStmt
  const isPlain = Object.keys(select).every((clause) => CLAUSES.has(clause))
  const sources = plainSources(select.fromClause, relations)
  const found = extreme(select)
  const isOwn = found !== null && (sources ?? []).some((source) => has(source, found.column.ColumnRef, sites))
  const isSet = (select.op ?? 'SETOP_NONE') !== 'SETOP_NONE'
  return isPlain && !isSet && isOwn ? found : null
}

function extreme({
  targetList,
}: SelectStmt): { readonly name: string; readonly column: { readonly ColumnRef: ColumnRef } } | null {
  const [target, ...others] = targetList ?? []
  const value = target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined
  if (others.length > 0 || value === undefined || !('FuncCall' in value)) return null
  const [name = '', ...more] = strings(value.FuncCall.funcname)
  const [column, ...rest] = value.FuncCall.args ?? []
  const isBare = Object.keys(value.FuncCall).every((field) => CALL.has(field))
  const isExtreme = isBare && (name === 'min' || name === 'max') && more.length + rest.length === 0
  return isExtreme && column !== undefined && 'ColumnRef' in column ? { name, column } : null
}

function has(source: RangeVar, { fields }: ColumnRef, sites: readonly RelationSite[]): boolean {
  const names = strings(fields)
  if (names.length > 1) return names.length === 2 && names[0] === (source.alias?.aliasname ?? source.relname)
  const relation = sites.find(({ rangeVar }) => rangeVar === source)?.relation
  const isRenamed = source.alias?.colnames !== undefined
  return !isRenamed && (relation?.columns.some((column) => column.name === names[0]) ?? false)
}
