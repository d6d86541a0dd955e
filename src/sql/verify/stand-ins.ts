import { relationKey } from '../../schema/relation.js'
import { accessIn, type ProofContext } from './relations.js'
import { fields, isFalse, isTree, list, node, type Tree } from './shapes.js'

/** The relations of a LOCK, where the catalog that stands in for one that is denied is that one again. */
export function withoutLockStandIns(original: Tree, scoped: Tree, context: ProofContext): Tree {
  const before = list(original.relations)
  const relations = list(scoped.relations).map((item, index) => {
    const relation = node(item, 'RangeVar')
    const isStandIn = relation?.schemaname === 'pg_catalog' && relation.relname === 'pg_class'
    return isStandIn && isDenied(node(before[index], 'RangeVar'), context) ? before[index] : item
  })
  return { ...scoped, relations }
}

/** The columns of a query that gives no row and reads nothing, copied in place of a relation that is denied; null for any other. */
export function emptiedColumns(original: Tree, query: Tree, context: ProofContext): readonly string[] | null {
  const relation = isTree(original.relation) ? original.relation : null
  const isNothing =
    fields(query).every((field) => ['targetList', 'whereClause', 'limitOption', 'op'].includes(field)) &&
    isFalse(query.whereClause) &&
    list(query.targetList).every((target) => node(node(target, 'ResTarget')?.val, 'A_Const')?.isnull === true)
  return isNothing && isDenied(relation, context) ? outputs(query) : null
}

function outputs(query: Tree): readonly string[] {
  return list(query.targetList).map((target) => String(node(target, 'ResTarget')?.name ?? ''))
}

function isDenied(relation: Tree | null, context: ProofContext): boolean {
  if (relation === null || accessIn(context, relation)?.kind !== 'denied') return false
  return context.snapshot.relations.has(relationKey(String(relation.schemaname), String(relation.relname)))
}
