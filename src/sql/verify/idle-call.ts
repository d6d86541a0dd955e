import { fields, guardOf, isFalse, isTree, list, names, node, type Tree } from './shapes.js'

const CLAUSES: ReadonlySet<string> = new Set(['targetList', 'fromClause', 'whereClause', 'limitOption', 'op'])

/**
 * The call in `SELECT f(name, …) FROM (pg_catalog.pg_settings JOIN (SELECT) AS _tg1 ON false) …`, which never runs.
 *
 * Its first argument has to be a column of that relation, alone: beside one the server takes no aggregate, which would give a row
 * where there is none.
 */
export function idleCallOf(select: unknown): Tree | null {
  if (!isTree(select) || !fields(select).every((field) => CLAUSES.has(field))) return null
  const [target, ...targets] = list(select.targetList)
  const [item, ...items] = list(select.fromClause)
  const guard = guardOf(item)
  const relation = node(guard?.relation, 'RangeVar')
  const isSettings = relation?.schemaname === 'pg_catalog' && relation.relname === 'pg_settings'
  const isOnly = targets.length + items.length === 0 && isSettings && relation.alias === undefined
  if (!isOnly || !isFalse(guard?.condition)) return null
  const call = node(node(target, 'ResTarget')?.val, 'FuncCall')
  const isOfRow = names(node(list(call?.args)[0], 'ColumnRef')?.fields)?.join('.') === 'name'
  return isOfRow ? call : null
}
