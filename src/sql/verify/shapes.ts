/**
 * The exact shapes of what the gateway writes, for recognising it in a parse tree.
 *
 * Written apart from the rules that produce them: a mistake has to be made twice to get through.
 */

/** Any object of a parse tree. */
export type Tree = { readonly [field: string]: unknown }

/** What stands for the tenant while a text is proven: random, so that no client's text can contain it. */
export interface Sentinel {
  readonly one: string
  readonly list: string
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The fields of a node of this kind, or null. */
export function node(value: unknown, kind: string): Tree | null {
  if (!isTree(value)) return null
  const struct = value[kind]
  return isTree(struct) && Object.keys(value).length === 1 ? struct : null
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The names of a list of String nodes, null if anything else is among them. */
export function names(value: unknown): readonly string[] | null {
  const found: string[] = []
  for (const item of list(value)) {
    const name = node(item, 'String')
    if (typeof name?.sval !== 'string') return null
    found.push(name.sval)
  }
  return found
}

const PLACES = new Set([
  'location',
  'stmt_location',
  'stmt_len',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
])

/** The fields of an object that say something, those that only say where it stands left out. */
export function fields(value: Tree): readonly string[] {
  return Object.keys(value).filter((field) => !PLACES.has(field))
}

/** Whether an object says nothing but by these fields. */
export function has(value: Tree, allowed: readonly string[]): boolean {
  return fields(value).every((field) => allowed.includes(field))
}

/** The text of a string constant, null for anything else. */
export function stringConstant(value: unknown): string | null {
  const constant = node(value, 'A_Const')
  const sval = constant === null ? undefined : constant.sval
  if (constant === null || !isTree(sval) || !has(constant, ['sval'])) return null
  const text = sval.sval
  return typeof text === 'string' ? text : ''
}

export interface Pin {
  readonly qualifier: string
  readonly column: string
}

/** `qualifier.column OPERATOR(pg_catalog.=) 'one'` or `… ANY ('{list}')`. */
export function pinOf(value: unknown, sentinel: Sentinel): Pin | null {
  const expression = node(value, 'A_Expr')
  if (expression === null || !has(expression, ['kind', 'name', 'lexpr', 'rexpr'])) return null
  const operator = names(expression.name)
  const reference = node(expression.lexpr, 'ColumnRef')
  const path = reference === null ? null : names(reference.fields)
  const constant = stringConstant(expression.rexpr)
  const isPlain = expression.kind === 'AEXPR_OP' && constant === sentinel.one
  const isFirm = expression.kind === 'AEXPR_OP_ANY' && constant === `{${sentinel.list}}`
  if (operator?.join('.') !== 'pg_catalog.=' || path?.length !== 2 || (!isPlain && !isFirm)) return null
  return { qualifier: path[0] ?? '', column: path[1] ?? '' }
}

/** The relation and the condition of `relation JOIN (SELECT) AS … ON condition`; null for any other node. */
export function guardOf(value: unknown): { readonly relation: unknown; readonly condition: unknown } | null {
  const join = node(value, 'JoinExpr')
  if (join === null || join.jointype !== 'JOIN_INNER' || !has(join, ['jointype', 'larg', 'rarg', 'quals']))
    return null
  const right = node(join.rarg, 'RangeSubselect')
  const query = right === null ? null : node(right.subquery, 'SelectStmt')
  const isEmpty = query !== null && has(query, ['limitOption', 'op']) && query.op === 'SETOP_NONE'
  const alias = right?.alias
  if (
    right === null ||
    !isEmpty ||
    !has(right, ['subquery', 'alias']) ||
    !isTree(alias) ||
    alias.colnames !== undefined
  )
    return null
  if (node(join.larg, 'RangeVar') === null && node(join.larg, 'RangeTableSample') === null) return null
  return { relation: join.larg, condition: join.quals }
}

/** The relation, condition and alias of `(SELECT * FROM relation WHERE condition OFFSET 0) AS alias`; null for any other node. */
export function fenceOf(
  value: unknown,
): { readonly relation: Tree; readonly condition: unknown; readonly alias: Tree } | null {
  const subselect = node(value, 'RangeSubselect')
  const query = subselect === null ? null : node(subselect.subquery, 'SelectStmt')
  const alias = subselect?.alias
  if (subselect === null || query === null || !isTree(alias) || !has(subselect, ['subquery', 'alias']))
    return null
  if (!has(query, ['targetList', 'fromClause', 'whereClause', 'limitOffset', 'limitOption', 'op']))
    return null
  const [item, ...others] = list(query.fromClause)
  const relation = node(item, 'RangeVar')
  if (relation === null || others.length > 0 || !isStar(query.targetList) || !isZero(query.limitOffset))
    return null
  return { relation, condition: query.whereClause, alias }
}

function isStar(targets: unknown): boolean {
  const [first, ...others] = list(targets)
  const target = node(first, 'ResTarget')
  const reference = target === null ? null : node(target.val, 'ColumnRef')
  const [field, ...more] = list(reference?.fields)
  return (
    others.length === 0 && more.length === 0 && target?.name === undefined && node(field, 'A_Star') !== null
  )
}

export function isFalse(condition: unknown): boolean {
  const value = node(condition, 'A_Const')?.boolval
  return isTree(value) && value.boolval !== true
}

function isZero(value: unknown): boolean {
  const constant = node(value, 'A_Const')
  const ival = constant?.ival
  return isTree(ival) && (ival.ival ?? 0) === 0
}

/** Whether a value is the tenant's id as the gateway stamps it: the literal, with or without a cast to a bare type. */
export function isStamp(value: unknown, sentinel: Sentinel): boolean {
  const cast = node(value, 'TypeCast')
  if (cast === null) return stringConstant(value) === sentinel.one
  const type = cast.typeName
  return (
    isTree(type) &&
    type.typmods === undefined &&
    type.arrayBounds === undefined &&
    stringConstant(cast.arg) === sentinel.one
  )
}

/** The first conjunct of a WHERE and what is left of it; the whole is its own first conjunct. */
export function firstConjunct(where: unknown): { readonly first: unknown; readonly rest: unknown } {
  const and = node(where, 'BoolExpr')
  const conjuncts = list(and?.args)
  if (and?.boolop === 'AND_EXPR' && conjuncts.length === 2) return { first: conjuncts[0], rest: conjuncts[1] }
  return { first: where, rest: undefined }
}

/** A row that a cursor of the session shows is the tenant's: the cursor's query was proven. */
export function isCurrentOf(where: unknown): boolean {
  return typeof node(where, 'CurrentOfExpr')?.cursor_name === 'string'
}
