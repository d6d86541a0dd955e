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
const DATED = new Set(['date', 'timestamp', 'timestamptz'])
/** Of four digits: even with the longest interval below it doesn't leave the calendar. */
const DATE = /^\d{4}-\d{2}-\d{2}$/
/** At most 999 years; a number alone is of the unit that follows it, or seconds. */
const INTERVAL = /^\d{1,4} (?:second|minute|hour|day|week|month)s?$|^\d{1,3}(?: years?)?$/

/** `now() - interval '7 days'`, `date '1998-12-01' + interval '3' month` and their like, which can't leave the calendar. */
export function isBoundedTimeSum(sum: A_Expr): boolean {
  if (!isSum(sum) || !(isClock(sum.lexpr) || isDated(sum.lexpr))) return false
  return isBoundedInterval(sum.rexpr) || (isDay(sum.lexpr) && isInteger(sum.rexpr, 4))
}

/** The family of `0.06 + 0.01` and its like: two small literals of one kind, added while the statement is planned. */
export function literalSum(sum: A_Expr): 'int' | 'decimal' | null {
  const sides = [sum.lexpr, sum.rexpr]
  if (!isSum(sum)) return null
  if (sides.every((side) => isInteger(side, 8))) return 'int'
  return sides.every(isDecimal) ? 'decimal' : null
}

function isSum({ name }: A_Expr): boolean {
  const [sign] = strings(name)
  return name?.length === 1 && (sign === '+' || sign === '-')
}

/** The time of the transaction, the statement or the moment. */
export function isClock(node: Node | undefined): boolean {
  const value = untag(node ?? {})
  if (value?.kind === 'SQLValueFunction') return CLOCK_VALUES.has(String(value.struct.op))
  if (value?.kind !== 'FuncCall' || value.struct.args !== undefined) return false
  const parts = strings(value.struct.funcname as Node[])
  return CLOCKS.has(parts.at(-1) ?? '') && (parts.length === 1 || parts[0] === 'pg_catalog')
}

/** What days can be added to as a number. */
function isDay(node: Node | undefined): boolean {
  const value = untag(node ?? {})
  return value?.struct.op === 'SVFOP_CURRENT_DATE' || castName(node) === 'date'
}

function isDated(node: Node | undefined): boolean {
  return DATED.has(castName(node) ?? '') && DATE.test(castText(node))
}

function isBoundedInterval(node: Node | undefined): boolean {
  return castName(node) === 'interval' && INTERVAL.test(castText(node))
}

function castName(node: Node | undefined): string | undefined {
  return node !== undefined && 'TypeCast' in node ? strings(node.TypeCast.typeName?.names).at(-1) : undefined
}

function castText(node: Node | undefined): string {
  return node !== undefined && 'TypeCast' in node ? (constantText(node.TypeCast.arg) ?? '') : ''
}

function isInteger(node: Node | undefined, digits: number): boolean {
  const isWhole = node !== undefined && 'A_Const' in node && node.A_Const.ival !== undefined
  const text = constantText(node) ?? ''
  return isWhole && text.length <= digits && /^\d+$/.test(text)
}

function isDecimal(node: Node | undefined): boolean {
  const isNumber = node !== undefined && 'A_Const' in node && node.A_Const.fval !== undefined
  return isNumber && /^\d{0,8}\.\d{1,8}$/.test(constantText(node) ?? '')
}
