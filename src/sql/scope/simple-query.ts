import type { Node, RangeVar, SelectStmt } from '@pgsql/types'
import { untag } from '../ast/walk.js'

const CLAUSES = new Set(['targetList', 'fromClause', 'whereClause', 'limitOption', 'op'])

/**
 * Whether a subquery can only fail in what its expressions do: a plain SELECT of columns and constants from relations.
 *
 * Anything else (a LIMIT, a lock, a sample, a WITH query, a window, types made alike) can fail when the subquery is first
 * asked for a row, and the planner lets a filter ask on any tenant's row.
 */
export function isSimple(query: Node | undefined, relations: ReadonlySet<RangeVar>): boolean {
  if (query === undefined || !('SelectStmt' in query)) return false
  const select = query.SelectStmt
  const isPlain =
    Object.keys(select).every((clause) => CLAUSES.has(clause)) && (select.op ?? 'SETOP_NONE') === 'SETOP_NONE'
  return (
    isPlain &&
    (select.fromClause ?? []).every((item) => isRelation(item, relations)) &&
    hasPlainTargets(select)
  )
}

function isRelation(item: Node | undefined, relations: ReadonlySet<RangeVar>): boolean {
  if (item === undefined) return false
  if ('RangeVar' in item) return relations.has(item.RangeVar)
  if (!('JoinExpr' in item)) return false
  const { larg, rarg, isNatural, usingClause } = item.JoinExpr
  return (
    isNatural !== true &&
    usingClause === undefined &&
    isRelation(larg, relations) &&
    isRelation(rarg, relations)
  )
}

function hasPlainTargets({ targetList }: SelectStmt): boolean {
  return (targetList ?? []).every((target) => {
    const kind = 'ResTarget' in target ? untag(target.ResTarget.val ?? {})?.kind : undefined
    return kind === 'ColumnRef' || kind === 'A_Const' || kind === 'ParamRef'
  })
}
