import type { A_Expr, FuncCall, JsonFuncExpr, Node, SubLink } from '@pgsql/types'
import { isBuiltinType } from '../../policy/types.js'
import { untag } from '../ast/walk.js'
import type { CompileContext } from '../compiled.js'
import { strings } from '../resolve/outputs.js'
import type { Operands } from './leak-operand.js'
import { rowValues } from './leak-shapes.js'

/**
 * Whether the planner counts something for an operator whatever it makes of it.
 *
 * `x = true` becomes x, and a comparison of rows the comparisons of their columns; `= ANY` costs as much as its array is
 * long, which may be nothing. What stands inside then is a filter of its own.
 *
 * Source   PostgreSQL src/backend/optimizer/util/clauses.c (simplify_boolean_equality), parser/parse_expr.c (make_row_comparison_op)
 */
export function keepsOperator({ kind, name, lexpr, rexpr }: A_Expr, operands: Operands): boolean {
  if (kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_OP_ALL') return false
  const last = strings(name).at(-1)
  if (last !== '=' && last !== '<>') return true
  const items = rexpr !== undefined && 'List' in rexpr ? (rexpr.List.items ?? []) : [rexpr]
  return items.every((item) => keepsEquality(lexpr, item, operands))
}

function keepsEquality(left: Node | undefined, right: Node | undefined, operands: Operands): boolean {
  const [a, b] = [rowValues(left), rowValues(right)]
  if (a !== null && b !== null && a.length === b.length)
    return a.every((value, index) => keepsEquality(value, b[index], operands))
  return isNoBoolean(left, operands) || isNoBoolean(right, operands)
}

/** The same of a value and a subquery: the planner may compare with what that selects, so that `x IN (SELECT true)` becomes x. */
export function keepsTest({ testexpr, operName }: SubLink, operands: Operands): boolean {
  const name = operName === undefined ? '=' : strings(operName).at(-1)
  if (name !== '=' && name !== '<>') return true
  return (rowValues(testexpr) ?? [testexpr]).every((value) => isNoBoolean(value, operands))
}

/** Operators that give no boolean in pg_catalog; an extension's `%` does. */
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '^', '||', '->', '->>', '#>', '#>>'])

/** Whether a value surely has another type than boolean. */
function isNoBoolean(node: Node | undefined, operands: Operands): boolean {
  const family = operands.family(node)
  if (family !== null && family !== 'any' && family !== 'bool') return true
  const value = untag(node ?? {})
  switch (value?.kind) {
    case 'A_ArrayExpr':
    case 'CollateClause':
    case 'RowExpr':
    case 'SQLValueFunction':
      return true
    case 'A_Const':
      return value.struct.bsval !== undefined
    case 'A_Expr':
      return ARITHMETIC.has(strings(value.struct.name as Node[]).join('.'))
    case 'TypeCast':
      return isOtherType(value.struct.typeName as TypeName)
    case 'JsonFuncExpr':
      return isNoBooleanJson(value.struct as JsonFuncExpr)
    case 'CaseExpr':
      return isNoBooleanCase(branchesOf(value.struct), operands)
    case 'CoalesceExpr':
    case 'MinMaxExpr':
      return (value.struct.args as Node[]).some((argument) => isNoBoolean(argument, operands))
    case 'FuncCall':
      return isNoBooleanAggregate(value.struct as FuncCall, operands)
    case 'SubLink':
      return isNoBooleanQuery(value.struct as SubLink, operands)
    default:
      return false
  }
}

const AGGREGATES: ReadonlySet<string> = new Set(['avg', 'count', 'max', 'min', 'sum'])

function isNoBooleanAggregate({ funcname }: FuncCall, operands: Operands): boolean {
  const name = strings(funcname).at(-1) ?? ''
  return AGGREGATES.has(name) && operands.isBuiltinName(name)
}

function isNoBooleanQuery({ subLinkType, subselect }: SubLink, operands: Operands): boolean {
  if (subLinkType !== 'EXPR_SUBLINK') return subLinkType === 'ARRAY_SUBLINK'
  const target =
    subselect !== undefined && 'SelectStmt' in subselect ? subselect.SelectStmt.targetList?.[0] : undefined
  return target !== undefined && 'ResTarget' in target && isNoBoolean(target.ResTarget.val, operands)
}

interface TypeName {
  readonly names?: Node[]
  readonly arrayBounds?: Node[]
}

/** A domain may lie over boolean. */
function isOtherType({ names, arrayBounds }: TypeName): boolean {
  const name = strings(names).at(-1) ?? ''
  return arrayBounds !== undefined || (isBuiltinType(name) && name !== 'bool')
}

/** JSON_VALUE gives text and JSON_QUERY jsonb unless RETURNING says otherwise. */
function isNoBooleanJson({ op, output }: JsonFuncExpr): boolean {
  return op !== 'JSON_EXISTS_OP' && (output?.typeName === undefined || isOtherType(output.typeName))
}

/** Its results get one type; texts without a type become text. */
function isNoBooleanCase(branches: readonly Node[], operands: Operands): boolean {
  return branches.some((branch) => isNoBoolean(branch, operands)) || branches.every(isText)
}

function isText(node: Node): boolean {
  const value = untag(node)
  return value?.kind === 'A_Const' && (value.struct.sval !== undefined || value.struct.isnull === true)
}

function branchesOf({ args, defresult }: { readonly args?: unknown; readonly defresult?: unknown }): Node[] {
  const results = ((args as Node[] | undefined) ?? []).map((node) => untag(node)?.struct.result as Node)
  return defresult === undefined ? results : [...results, defresult as Node]
}

/**
 * Whether the planner counts something for a call whatever it makes of it.
 *
 * A call by a type's name may be a cast that does nothing, one by a field's name a field of the row that is its argument.
 */
export function keepsCall(
  { funcname, args }: FuncCall,
  { snapshot }: Pick<CompileContext, 'snapshot'>,
): boolean {
  const name = strings(funcname).at(-1) ?? ''
  const [first, ...others] = args ?? []
  const isField = others.length === 0 && mayBeRow(first, snapshot)
  return !isBuiltinType(name) && !snapshot.types.has(name) && !isField
}

/** Whether a value may be a row, of those that the planner itself counts nothing for. */
function mayBeRow(node: Node | undefined, snapshot: CompileContext['snapshot']): boolean {
  const value = untag(node ?? {})
  switch (value?.kind) {
    case 'RowExpr':
    case 'SubLink':
    case 'A_Indirection':
    case 'ColumnRef':
      return true
    case 'TypeCast':
      return snapshot.types.has(strings((value.struct.typeName as TypeName).names).at(-1) ?? '')
    case 'CaseExpr':
      return branchesOf(value.struct).some((branch) => mayBeRow(branch, snapshot))
    case 'CoalesceExpr':
    case 'MinMaxExpr':
      return (value.struct.args as Node[]).some((argument) => mayBeRow(argument, snapshot))
    default:
      return false
  }
}
