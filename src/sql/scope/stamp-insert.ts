import type { Node, SelectStmt } from '@pgsql/types'
import { invariant } from '../../core/invariant.js'
import { untag } from '../ast/walk.js'
import { quoteIdentifier } from '../identifier.js'
import type { InsertSite } from '../resolve/resolution.js'
import { closing, isWord, nextClause, tokenAt } from '../token-reader.js'
import type { ScopeContext, Stamping } from './context.js'
import { demandOnce } from './demand-once.js'
import { type Edit, insert, ONE, type Piece, replace } from './edit.js'
import { qualify } from './guard-read.js'
import { demandWidth, rowSpans, unlistedWidth, widths } from './insert-rows.js'
import { pinConflict } from './on-conflict.js'
import { relationSpan } from './span.js'
import { checkSelectArms, stampSelectArms } from './stamp-select.js'
import { isTenantColumn, tenantCheck, tenantColumnError } from './tenant-value.js'

/** The tenant's id as a literal of no type yet, as VALUES lists take it. */
export const STAMP: readonly Piece[] = ["'", ONE, "'"]

/**
 * Makes each new row the tenant's: supplies the tenant column, or proves what the client gave for it.
 *
 * Shape    INSERT INTO orders (id) VALUES (1)  →  INSERT INTO public.orders (id, tenant_id) VALUES (1, 'acme')
 */
export function stampInsert(site: InsertSite, context: ScopeContext): readonly Edit[] {
  const { statement, target } = site
  const column = target.access.kind === 'tenant' ? target.access.column : ''
  const span = relationSpan(context.tokens, target.rangeVar, false)
  const type =
    target.relation?.columns.find((candidate) => candidate.name === column)?.type ?? 'pg_catalog.text'
  const stamping: Stamping = { statement, target, column, type, after: span.nextToken }
  refuseOverride(stamping, statement.override, context)
  return [...qualify(target, span), ...stampRows(stamping, context), ...pinConflict(site, context)]
}

/** OVERRIDING USER VALUE would put a number from the sequence where the tenant belongs. */
export function refuseOverride(
  stamping: Stamping,
  override: string | undefined,
  context: ScopeContext,
): void {
  const { target, column } = stamping
  const isIdentity = target.relation?.columns.some(
    ({ name, identity }) => name === column && identity !== null,
  )
  if (isIdentity === true && override === 'OVERRIDING_USER_VALUE') {
    throw tenantColumnError(target, column, context.position(target.rangeVar.location))
  }
}

function stampRows(stamping: Stamping, context: ScopeContext): readonly Edit[] {
  const select =
    stamping.statement.selectStmt === undefined
      ? null
      : (untag(stamping.statement.selectStmt)?.struct as SelectStmt)
  if (select === null) return defaultValues(stamping, context)
  demandWidth(stamping, select, context)
  refuseSecondNames(stamping, select, context)
  const position = clientPosition(stamping, select, context)
  if (position.isPresent) return checkRows(stamping, select, { context, index: position.index })
  return [...extendColumns(stamping, position.index, context), ...appendStamps(stamping, select, context)]
}

/** A view may show the tenant column under a second name, which can't be written beside the first. */
function refuseSecondNames(stamping: Stamping, select: SelectStmt, context: ScopeContext): void {
  const { target, column, statement } = stamping
  const width = widths(select, context)[0] ?? Number.POSITIVE_INFINITY
  const listed =
    statement.cols?.map((node) => ('ResTarget' in node ? node.ResTarget.name : undefined)) ??
    target.relation?.columns.slice(0, width).map(({ name }) => name)
  const second = listed?.find((name) => name !== column && isTenantColumn(name, target))
  if (second !== undefined)
    throw tenantColumnError(target, second, context.position(target.rangeVar.location))
}

/** Shape    INSERT INTO orders DEFAULT VALUES  →  INSERT INTO public.orders (tenant_id) VALUES ('acme') */
export function defaultValues(stamping: Stamping, context: ScopeContext): readonly Edit[] {
  const { tokens } = context
  const start = nextClause(tokens, stamping.after, new Set(['default']))
  invariant(isWord(tokens, start + 1, 'values'), 'an INSERT without rows says DEFAULT VALUES')
  const from = tokens.starts[start] ?? 0
  return [
    replace(
      from,
      tokens.ends[start + 1] ?? 0,
      `(${quoteIdentifier(stamping.column)}) VALUES (`,
      ...STAMP,
      ')',
    ),
  ]
}

/** Whether the client's rows hold the tenant column, and at which index; else how many columns they fill. */
function clientPosition(
  stamping: Stamping,
  select: SelectStmt,
  context: ScopeContext,
): { readonly isPresent: boolean; readonly index: number } {
  const { statement, column, target } = stamping
  if (statement.cols !== undefined) {
    demandOnce(column, statement.cols, { by: 'list', context })
    const index = statement.cols.findIndex((node) => 'ResTarget' in node && node.ResTarget.name === column)
    const named = statement.cols[index]
    if (named !== undefined && 'ResTarget' in named && named.ResTarget.indirection !== undefined) {
      throw tenantColumnError(target, column, context.position(named.ResTarget.location))
    }
    return { isPresent: index >= 0, index: index >= 0 ? index : statement.cols.length }
  }
  const width = unlistedWidth(stamping, select, context)
  const index = target.relation?.columns.findIndex((candidate) => candidate.name === column) ?? -1
  return index < width ? { isPresent: true, index } : { isPresent: false, index: width }
}

/** Adds the tenant column to the client's column list, or writes the list of the first `width` columns with it. */
function extendColumns(stamping: Stamping, width: number, context: ScopeContext): readonly Edit[] {
  const { tokens } = context
  if (stamping.statement.cols !== undefined) {
    const last = closing(tokens, stamping.after) - 1
    return [insert(tokens.ends[last] ?? 0, `, ${quoteIdentifier(stamping.column)}`)]
  }
  const names = (stamping.target.relation?.columns ?? [])
    .slice(0, width)
    .map((column) => quoteIdentifier(column.name))
  return [
    insert(
      tokens.ends[stamping.after - 1] ?? 0,
      ` (${[...names, quoteIdentifier(stamping.column)].join(', ')})`,
    ),
  ]
}

function appendStamps(stamping: Stamping, select: SelectStmt, context: ScopeContext): readonly Edit[] {
  if (select.valuesLists === undefined) return stampSelectArms(stamping, select, context)
  return rowSpans(stamping, select, context).map(({ to }) =>
    insert(context.tokens.ends[to - 1] ?? 0, ', ', ...STAMP),
  )
}

function checkRows(
  stamping: Stamping,
  select: SelectStmt,
  at: { readonly context: ScopeContext; readonly index: number },
): readonly Edit[] {
  if (select.valuesLists === undefined) return checkSelectArms(stamping, select, at)
  return select.valuesLists.flatMap((row) => {
    const items = untag(row)?.struct.items as readonly Node[] | undefined
    return checkValue(stamping, items?.[at.index], at.context)
  })
}

/** One value that the client gave for the tenant column: DEFAULT is replaced, a literal or parameter is checked. */
export function checkValue(
  stamping: Stamping,
  value: Node | undefined,
  context: ScopeContext,
): readonly Edit[] {
  const { tokens } = context
  if (value !== undefined && 'SetToDefault' in value) {
    const token = tokenAt(tokens, value.SetToDefault.location ?? 0)
    return [replace(tokens.starts[token] ?? 0, tokens.ends[token] ?? 0, ...STAMP)]
  }
  const check = tenantCheck(value, stamping.target, context)
  if (check === null)
    throw tenantColumnError(
      stamping.target,
      stamping.column,
      context.position(stamping.target.rangeVar.location),
    )
  context.checks.push(check)
  return []
}
