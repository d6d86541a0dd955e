import type { A_Expr, Node } from '@pgsql/types'
import { untag } from '../ast/walk.js'
import { isSafePattern } from '../pattern-text.js'
import { constantText, strings } from '../resolve/outputs.js'

/**
 * Whether LIKE with this pattern matches any value without an error: a literal that doesn't end in an escape character,
 * or a parameter, which is looked at in each Bind.
 *
 * `LIKE 'secret\'` fails exactly on the rows that begin with "secret".
 */
export function isTotalPattern(pattern: Node | undefined): boolean {
  if (pattern !== undefined && 'ParamRef' in pattern) return true
  const text = constantText(pattern)
  if (text === null) return false
  return isSafePattern(text, { kind: 'paired', escape: '\\' })
}

const CLOCKS = new Set(['now', 'transaction_timestamp', 'statement_timestamp', 'clock_timestamp'])
const CLOCK_VALUES = new Set(['SVFOP_CURRENT_DATE', 'SVFOP_CURRENT_TIMESTAMP', 'SVFOP_LOCALTIMESTAMP'])
/** At most 999 years: far from either end of the calendar. */
const INTERVAL = /^\d{1,4} (?:second|minute|hour|day|week|month)s?$|^\d{1,3} years?$/

/** `now() - interval '7 days'` and its like, which can't leave the calendar. */
export function isBoundedTimeSum(expression: A_Expr): boolean {
  const [name] = strings(expression.name)
  if (expression.name?.length !== 1 || (name !== '+' && name !== '-')) return false
  return isClock(expression.lexpr) && isBoundedInterval(expression.rexpr)
}

/** The time of the transaction, the statement or the moment. */
export function isClock(node: Node | undefined): boolean {
  const value = untag(node ?? {})
  if (value?.kind === 'SQLValueFunction') return CLOCK_VALUES.has(String(value.struct.op))
  if (value?.kind !== 'FuncCall' || value.struct.args !== undefined) return false
  const parts = strings(value.struct.funcname as Node[])
  return CLOCKS.has(parts.at(-1) ?? '') && (parts.length === 1 || parts[0] === 'pg_catalog')
}

/** Days added to a date, or an interval. */
function isBoundedInterval(node: Node | undefined): boolean {
  const value = untag(node ?? {})
  if (value?.kind === 'A_Const') return /^\d{1,4}$/.test(constantText(node) ?? '') && isNumber(value.struct)
  if (value?.kind !== 'TypeCast') return false
  const type = value.struct.typeName as { names?: Node[] }
  return strings(type.names).at(-1) === 'interval' && INTERVAL.test(constantText(value.struct.arg) ?? '')
}

function isNumber(constant: { readonly ival?: unknown }): boolean {
  return constant.ival !== undefined
}
