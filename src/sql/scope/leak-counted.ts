import type { A_Expr, Node } from '@pgsql/types'
import { eachChild, untag } from '../ast/walk.js'
import { strings } from '../resolve/outputs.js'
import type { Operands } from './leak-operand.js'
import { holdsColumn } from './leak-shapes.js'

const EQUALITIES: ReadonlySet<string> = new Set(['=', '<>'])

/**
 * Whether the planner counts something for an operator, whatever it makes of it.
 *
 * `x = true` becomes x, and a comparison of rows that of their columns; `= ANY` costs as much as its array is long, which
 * may be nothing. What stands inside is then a filter of its own, and may come before the pin.
 *
 * Source   PostgreSQL src/backend/optimizer/util/clauses.c (simplify_boolean_equality), parser/parse_expr.c (make_row_comparison_op)
 */
export function keepsOperator({ kind, name, lexpr, rexpr }: A_Expr, operands: Operands): boolean {
  if (kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_OP_ALL') return holdsNothingBut(rexpr)
  if (!EQUALITIES.has(strings(name).at(-1) ?? '')) return true
  const items = rexpr !== undefined && 'List' in rexpr ? (rexpr.List.items ?? []) : [rexpr]
  return items.every((item) => keepsEquality([lexpr, item], operands))
}

/** One side has to be a boolean constant for the other to become the filter. */
function keepsEquality(sides: readonly (Node | undefined)[], operands: Operands): boolean {
  if (sides.some((side) => side !== undefined && 'RowExpr' in side)) return false
  if (sides.some((side) => isNoBoolean(side, operands))) return true
  return !sides.some((side, index) => mayBeTrue(side) && holdsColumn(sides[1 - index]))
}

const VALUES = new Set(['->', '->>', '#>', '#>>', '||', '+', '-', '*', '/'])

/** Whether a value surely has another type than boolean. */
function isNoBoolean(node: Node | undefined, operands: Operands): boolean {
  const family = operands.family(node)
  if (family !== null) return family !== 'any' && family !== 'bool'
  return node !== undefined && 'A_Expr' in node && VALUES.has(strings(node.A_Expr.name).join('.'))
}

/** An array that is written out has the length that it shows. */
function holdsNothingBut(array: Node | undefined): boolean {
  const inner = array !== undefined && 'TypeCast' in array ? array.TypeCast.arg : array
  return inner !== undefined && 'A_ArrayExpr' in inner && !(inner.A_ArrayExpr.elements ?? []).some(mayBeTrue)
}

/** What PostgreSQL's boolin takes, shortened forms and blanks included. */
const BOOLEAN = /^\s*(?:t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|0|1)\s*$/i
/** Kinds that the planner may fold although a column stands inside them, and rows, whose columns are compared one by one. */
const FOLDED = new Set([
  'BoolExpr',
  'CaseExpr',
  'CoalesceExpr',
  'RowExpr',
  'SubLink',
  'NullTest',
  'BooleanTest',
])

/** Whether a value may be a boolean constant by the time the planner compares with it. */
function mayBeTrue(node: Node | undefined): boolean {
  const value = untag(node ?? {})
  if (value === null) return false
  if (value.kind === 'A_Const') {
    const { sval, boolval } = value.struct as { sval?: { sval?: string }; boolval?: unknown }
    return boolval !== undefined || (sval !== undefined && BOOLEAN.test(sval.sval ?? ''))
  }
  // what a subquery gives is known when it has run
  if (value.kind === 'ColumnRef' || value.kind === 'SubLink') return false
  if (FOLDED.has(value.kind) || !holdsColumn(node)) return true
  return holdsFolded(node)
}

function holdsFolded(node: Node | undefined): boolean {
  const value = untag(node ?? {})
  if (value === null) return false
  let holds = FOLDED.has(value.kind)
  eachChild(value.kind, value.struct, (kind, struct) => {
    holds ||= holdsFolded({ [kind]: struct } as unknown as Node)
  })
  return holds
}
