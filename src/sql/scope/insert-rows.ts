import type { Node, SelectStmt } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { untag } from '../ast/walk.js'
import { unsupported } from '../refusals.js'
import { isExpanding } from '../resolve/outputs.js'
import { closing, isCharacter, nextClause, type TokenSpan } from '../token-reader.js'
import type { ScopeContext, Stamping } from './context.js'

/** As many values as columns are listed, as the server demands: a stamp behind too few would stand under another column. */
export function demandWidth(stamping: Stamping, select: SelectStmt, context: ScopeContext): void {
  const { cols } = stamping.statement
  if ((select.valuesLists ?? []).some((row) => rowValues(row).some(isExpanding)))
    throw expandingRow(stamping, context)
  if (cols === undefined) return
  for (const width of widths(select, context)) {
    if (width === cols.length) continue
    const message =
      width < cols.length
        ? 'INSERT has more target columns than expressions'
        : 'INSERT has more expressions than target columns'
    throw new GatewayError(
      'SYNTAX_ERROR',
      { message },
      { position: context.position(stamping.target.rangeVar.location) },
    )
  }
}

export function rowValues(row: Node): readonly Node[] {
  return (untag(row)?.struct.items as readonly Node[] | undefined) ?? []
}

/** `(row).*` in VALUES moves the values behind it to other columns. */
export function expandingRow(stamping: Stamping, context: ScopeContext): GatewayError {
  return unsupported('expandingValues', { position: context.position(stamping.target.rangeVar.location) })
}

/** The number of values of each row or arm, where it is known. */
export function widths(select: SelectStmt, context: ScopeContext): readonly number[] {
  if (select.valuesLists !== undefined) {
    return select.valuesLists.map((row) => rowValues(row).length)
  }
  if (select.larg !== undefined && select.rarg !== undefined)
    return [...widths(select.larg, context), ...widths(select.rarg, context)]
  const width = context.resolution.outputs.get(select)?.length
  return width === undefined ? [] : [width]
}

/**
 * How many columns an INSERT without a column list fills.
 *
 * Throws   UNSUPPORTED_CONSTRUCT where its query's columns can't be counted
 */
export function unlistedWidth(stamping: Stamping, select: SelectStmt, context: ScopeContext): number {
  const width = context.resolution.outputs.get(firstArm(select))?.length
  if (width !== undefined) return width
  throw unsupported('listlessStar', { position: context.position(stamping.target.rangeVar.location) })
}

function firstArm(select: SelectStmt): SelectStmt {
  return select.larg === undefined ? select : firstArm(select.larg)
}

/** The SELECTs of a set operation. */
export function arms(select: SelectStmt): readonly SelectStmt[] {
  if (select.larg === undefined || select.rarg === undefined) return [select]
  return [...arms(select.larg), ...arms(select.rarg)]
}

/** The tokens of each row of VALUES, without its brackets. */
export function rowSpans(
  stamping: Stamping,
  select: SelectStmt,
  context: ScopeContext,
): readonly TokenSpan[] {
  const { tokens } = context
  const from = stamping.statement.cols === undefined ? stamping.after : closing(tokens, stamping.after) + 1
  let at = nextClause(tokens, from, new Set(['values'])) + 1
  return (select.valuesLists ?? []).map(() => {
    if (!isCharacter(tokens, at, '(')) throw bracketedValues(stamping, context)
    const row = { from: at + 1, to: closing(tokens, at) }
    at = row.to + 2
    return row
  })
}

function bracketedValues(stamping: Stamping, context: ScopeContext): GatewayError {
  return unsupported('bracketedValues', { position: context.position(stamping.target.rangeVar.location) })
}
