import { relationKey } from '../../schema/relation.js'
import { accessIn, type ProofContext } from './relations.js'
import { isExpanding } from './rows.js'
import { fenceOf, guardOf, isTree, list, node, type Tree } from './shapes.js'

/**
 * Whether a place of a SELECT's rows is filled from the `*` of the one relation it reads, where that relation's tenant column
 * stands: rows that passed the guard have the tenant there, and no join can have put NULL in its place.
 */
export function isTenantStar(
  select: Tree,
  place: { readonly index: number; readonly relation: Tree; readonly column: string },
  context: ProofContext,
): boolean {
  const values = list(select.targetList).map((target) => node(target, 'ResTarget')?.val)
  const star = values.findIndex(isExpanding)
  const [item, ...others] = list(select.fromClause)
  const source = node(guardOf(item)?.relation, 'RangeVar') ?? fenceOf(item)?.relation
  if (source === undefined || others.length > 0 || values.slice(star + 1).some(isExpanding)) return false
  const path = list(node(values[star], 'ColumnRef')?.fields)
  if (path.length !== 1 && qualifierOf(path) !== shownName(source, item)) return false
  const access = accessIn(context, source)
  const column = columnsOf(source, context)[place.index - star]
  const written = columnsOf(place.relation, context).find(({ name }) => name === place.column)
  return access?.kind === 'tenant' && column?.name === access.column && column.type === written?.type
}

function columnsOf({ schemaname, relname }: Tree, { snapshot }: ProofContext) {
  return snapshot.relations.get(relationKey(String(schemaname), String(relname)))?.columns ?? []
}

/** The x of `x.*`. */
function qualifierOf(path: readonly unknown[]): unknown {
  return path.length === 2 ? node(path[0], 'String')?.sval : undefined
}

/** The name that the relation's columns are reached by: a fence carries its alias itself. */
function shownName(source: Tree, item: unknown): unknown {
  const alias = fenceOf(item)?.alias ?? source.alias
  return isTree(alias) ? alias.aliasname : source.relname
}
