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
  return isPlain && plainSources(select.fromClause, relations) !== null && hasPlainTargets(select)
}

/** The relations of a FROM clause that has nothing but those and joins by conditions; null for any other. */
export function plainSources(
  items: readonly (Node | undefined)[] | undefined,
  relations: ReadonlySet<RangeVar>,
): readonly RangeVar[] | null {
  const sources = (items ?? []).map((item) => sourcesOf(item, relations))
  return sources.some((each) => each === null) ? null : sources.flatMap((each) => each ?? [])
}

function sourcesOf(item: Node | undefined, relations: ReadonlySet<RangeVar>): readonly RangeVar[] | null {
  if (item === undefined) return null
  if ('RangeVar' in item) return relations.has(item.RangeVar) ? [item.RangeVar] : null
  if (!('JoinExpr' in item)) return null
  const { larg, rarg, isNatural, usingClause } = item.JoinExpr
  return isNatural === true || usingClause !== undefined ? null : plainSources([larg, rarg], relations)
}

function hasPlainTargets({ targetList }: SelectStmt): boolean {
  return (targetList ?? []).every((target) => {
    const kind = 'ResTarget' in target ? untag(target.ResTarget.val ?? {})?.kind : undefined
    return kind === 'ColumnRef' || kind === 'A_Const' || kind === 'ParamRef'
  })
}
