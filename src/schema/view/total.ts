import type { ViewRules } from './rules.js'
import { type Fields, fields, type Node, names, node, nodes, text, walk } from './tree.js'

/**
 * Whether no expression of a query, where a filter could reach it, can fail on a row's value.
 *
 * Outputs count too: a filter on a view's column is a filter on the expression behind it. What stands above an aggregate
 * or a window does not: no filter is evaluated below it.
 */
export function totalQuery(query: Fields, rules: ViewRules): boolean {
  const clause = query.withClause === undefined ? [] : nodes(fields(query.withClause).ctes)
  if (!clause.every(({ fields: cte }) => totalQuery(node(cte.ctequery).fields, rules))) return false
  if (query.op !== 'SETOP_NONE')
    return totalQuery(fields(query.larg), rules) && totalQuery(fields(query.rarg), rules)
  return (
    nodes(query.fromClause).every((item) => totalFrom(item, rules)) &&
    total(query.whereClause, rules) &&
    nodes(query.groupClause).every((key) => totalNode(key, rules)) &&
    (query.havingClause === undefined || isAbove(query.havingClause) || total(query.havingClause, rules)) &&
    nodes(query.targetList).every(({ fields: { val } }) => isAbove(val) || total(val, rules)) &&
    nodes(query.valuesLists).every((row) => totalNode(row, rules))
  )
}

function totalFrom({ kind, fields: item }: Node, rules: ViewRules): boolean {
  switch (kind) {
    case 'RangeVar':
      return true
    case 'RangeSubselect':
      return totalQuery(node(item.subquery).fields, rules)
    case 'JoinExpr':
      return (
        totalFrom(node(item.larg), rules) && totalFrom(node(item.rarg), rules) && total(item.quals, rules)
      )
    default:
      return false
  }
}

const AGGREGATES = new Set(
  `array_agg avg bit_and bit_or bool_and bool_or count every json_agg json_object_agg jsonb_agg jsonb_object_agg max min
   stddev string_agg sum variance`.split(/\s+/),
)

/** Whether the expression is computed from aggregates or windows of its own level. */
function isAbove(expression: unknown): boolean {
  let above = false
  walk(expression, ({ kind, fields: call }) => {
    if (kind === 'FuncCall')
      above ||= call.over !== undefined || AGGREGATES.has(names(call.funcname).at(-1) ?? '')
    return kind !== 'SubLink'
  })
  return above
}

function total(expression: unknown, rules: ViewRules): boolean {
  return expression === undefined || totalNode(node(expression), rules)
}

type Check = (fields: Fields, rules: ViewRules) => boolean

const always: Check = () => true
const all =
  (...keys: readonly string[]): Check =>
  (found, rules) =>
    keys.every((key) => parts(found[key]).every((part) => totalNode(part, rules)))

/** Kinds that can't fail as long as their parts can't; every other kind can. */
const TOTAL: Readonly<Record<string, Check>> = {
  ColumnRef: always,
  A_Const: always,
  SQLValueFunction: always,
  BoolExpr: all('args'),
  NullTest: all('arg'),
  BooleanTest: all('arg'),
  CoalesceExpr: all('args'),
  MinMaxExpr: all('args'),
  CaseExpr: all('arg', 'args', 'defresult'),
  CaseWhen: all('expr', 'result'),
  RowExpr: all('args'),
  List: all('items'),
  CollateClause: all('arg'),
  TypeCast: (cast) => isConstant({ kind: 'TypeCast', fields: cast }) || isColumnAsText(cast),
  A_ArrayExpr: (array) => isConstant({ kind: 'A_ArrayExpr', fields: array }),
  A_Expr: (call, rules) => isTotalOperator(call, rules) && all('lexpr', 'rexpr')(call, rules),
  FuncCall: (call, rules) => isTotalCall(call, rules) && all('args')(call, rules),
  SubLink: (link, rules) => all('testexpr')(link, rules) && totalQuery(node(link.subselect).fields, rules),
}

function totalNode({ kind, fields: found }: Node, rules: ViewRules): boolean {
  return Object.hasOwn(TOTAL, kind) && TOTAL[kind]?.(found, rules) === true
}

function parts(value: unknown): readonly Node[] {
  if (value === undefined) return []
  return Array.isArray(value) ? nodes(value) : [node(value)]
}

/** Folded before any row is read. */
export function isConstant({ kind, fields: found }: Node): boolean {
  if (kind === 'A_Const') return true
  if (kind === 'TypeCast') return isConstant(node(found.arg))
  return kind === 'A_ArrayExpr' && nodes(found.elements).every(isConstant)
}

/** `column::text`, as varchar comparisons are written; every type's text form can be had. */
function isColumnAsText(cast: Fields): boolean {
  const type = fields(cast.typeName)
  const name = names(type.names)
  return node(cast.arg).kind === 'ColumnRef' && name.at(-1) === 'text' && type.arrayBounds === undefined
}

function isTotalOperator(call: Fields, rules: ViewRules): boolean {
  const path = names(call.name)
  const isComparison =
    /^AEXPR_(OP|OP_ANY|OP_ALL|DISTINCT|NOT_DISTINCT|IN|LIKE|ILIKE|NULLIF|BETWEEN|NOT_BETWEEN)$/
  return isComparison.test(text(call.kind)) && path.length === 1 && rules.totalOperator(path[0] ?? '')
}

function isTotalCall(call: Fields, rules: ViewRules): boolean {
  const path = names(call.funcname)
  const schema = path.length === 1 ? 'pg_catalog' : (path[0] ?? '')
  return call.over === undefined && rules.functionAccess(schema, path.at(-1) ?? '') === 'total'
}
