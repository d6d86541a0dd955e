import { accessIn, isPinOf, type ProofContext } from './relations.js'
import { firstConjunct, has, isTree, list, names, node, pinOf, type Tree } from './shapes.js'

export interface Via {
  readonly column: string
  readonly references: { readonly schema: string; readonly name: string; readonly column: string }
}

/** `EXISTS (SELECT FROM parent AS p WHERE p.key = relation.column AND <pin of p>)`. */
export function isVia(
  relation: Tree,
  condition: unknown,
  { access, context }: { readonly access: Via; readonly context: ProofContext },
): boolean {
  const sublink = node(condition, 'SubLink')
  const query = sublink?.subLinkType === 'EXISTS_SUBLINK' ? node(sublink.subselect, 'SelectStmt') : null
  const parent = node(list(query?.fromClause)[0], 'RangeVar')
  const { first, rest } = firstConjunct(query?.whereClause)
  if (sublink === null || query === null || parent === null || list(query.fromClause).length !== 1)
    return false
  if (
    !has(sublink, ['subLinkType', 'subselect']) ||
    !has(query, ['fromClause', 'whereClause', 'limitOption', 'op'])
  )
    return false
  if (parent.schemaname !== access.references.schema || parent.relname !== access.references.name)
    return false
  const parentAccess = accessIn(context, parent)
  const pin = pinOf(rest, context.sentinel)
  const alias = isTree(parent.alias) ? parent.alias.aliasname : null
  const childName = isTree(relation.alias) ? relation.alias.aliasname : relation.relname
  if (alias === childName) return false
  if (
    parentAccess?.kind !== 'tenant' ||
    pin === null ||
    !isPinOf(pin, parent, { column: parentAccess.column, context })
  )
    return false
  return isTie(first, [String(alias), access.references.column], { relation, column: access.column, context })
}

function isTie(
  tie: unknown,
  key: readonly string[],
  child: { readonly relation: Tree; readonly column: string; readonly context: ProofContext },
): boolean {
  const expression = node(tie, 'A_Expr')
  const left = names(node(expression?.lexpr, 'ColumnRef')?.fields)
  const right = names(node(expression?.rexpr, 'ColumnRef')?.fields)
  if (names(expression?.name)?.join('.') !== 'pg_catalog.=' || expression?.kind !== 'AEXPR_OP') return false
  if (left?.join('\0') !== key.join('\0') || right?.length !== 2) return false
  return isPinOf({ qualifier: right[0] ?? '', column: right[1] ?? '' }, child.relation, {
    column: child.column,
    context: child.context,
  })
}
