import { isTree, list, names, node, type Tree } from './shapes.js'

/** The value of an assignment; those of `SET (a, b) = (x, y)` share one row in the tree. */
export function assigned(value: unknown): unknown {
  const shared = node(value, 'MultiAssignRef')
  if (shared === null) return value
  const values = list(node(shared.source, 'RowExpr')?.args)
  return values.some(isExpanding) ? undefined : values[Number(shared.colno) - 1]
}

/** Whether an assignment gives a column its own value, or that of the row which was to be inserted where there is one. */
export function isOwnValue(assignment: Tree, relation: Tree, isConflict: boolean): boolean {
  const own = isTree(relation.alias) ? relation.alias.aliasname : relation.relname
  const path = names(node(assignment.val, 'ColumnRef')?.fields)
  const isKnown = path?.[0] === own || (isConflict && path?.[0] === 'excluded')
  return path?.length === 2 && path[1] === assignment.name && isKnown
}

/** Where the tenant column stands in the column list; `isLast` is false where the statement has none. */
export interface Place {
  readonly index: number
  readonly isLast: boolean
}

export interface Row {
  readonly values: readonly unknown[]
  readonly index?: number
}

export function valuesRow(row: unknown): Row {
  const values = list(node(row, 'List')?.items)
  return { values: values.some(isExpanding) ? [] : values }
}

/**
 * A target list as a row. A `*` in it shifts what follows: then only the last place is known, since the server
 * demands as many values as columns are listed.
 */
export function targetRow(targets: unknown, { isLast }: Place): Row {
  const values = list(targets).map((item) => node(item, 'ResTarget')?.val)
  if (!values.some(isExpanding)) return { values }
  return { values: isLast ? values.slice(-1) : [], index: 0 }
}

/** Whether the server makes several values of it. */
export function isExpanding(value: unknown): boolean {
  const path = node(value, 'ColumnRef')?.fields ?? node(value, 'A_Indirection')?.indirection
  return node(list(path).at(-1), 'A_Star') !== null
}
