import type { Node, SelectStmt } from '@pgsql/types'
import { untag } from '../ast/walk.js'
import { quoteIdentifier } from '../identifier.js'
import { hasStar, strings } from '../resolve/outputs.js'
import type { InsertSite } from '../resolve/resolution.js'
import { listItems, type TokenSpan } from '../token-reader.js'
import type { ScopeContext, Stamping } from './context.js'
import { demandOnce } from './demand-once.js'
import { type Edit, insert } from './edit.js'
import { qualify } from './guard-read.js'
import { arms, demandWidth, rowSpans, rowValues, unlistedWidth } from './insert-rows.js'
import { pinConflict } from './on-conflict.js'
import { itemSpans, valueSpan } from './select-items.js'
import { relationSpan } from './span.js'
import { demandMovable, type Tying, tieValue, tyingOf, untied } from './tie-value.js'

/**
 * Makes sure that each new row of a child has a parent of the tenant's.
 *
 * Shape    INSERT INTO items (id, order_id) VALUES (1, 5)  →  INSERT INTO public.items (id, order_id) VALUES (1, (SELECT … 5 …))
 */
export function tieInsert(site: InsertSite, context: ScopeContext): readonly Edit[] {
  const { statement, target } = site
  const select =
    statement.selectStmt === undefined ? null : (untag(statement.selectStmt)?.struct as SelectStmt)
  const tying = tyingOf(target, select === null || hasNames(select) ? null : site.ctes, context)
  const span = relationSpan(context.tokens, target.rangeVar, false)
  const { name: column, type } = tying.column
  const stamping: Stamping = { statement, target, column, type, after: span.nextToken }
  if (select === null) throw untied('tiedWithoutKey', target, context)
  demandWidth(stamping, select, context)
  return [
    ...qualify(target, span),
    ...listColumns(stamping, select, { tying, context }),
    ...tieRows(stamping, select, { tying, context }),
    ...pinConflict(site, context),
  ]
}

interface At {
  readonly tying: Tying
  readonly context: ScopeContext
}

/** A WITH inside the query could hide those of the statement. */
function hasNames(select: SelectStmt): boolean {
  const inner = [select.larg, select.rarg].filter((arm) => arm !== undefined)
  return select.withClause !== undefined || inner.some(hasNames)
}

/** Writes the columns out that a missing list stands for: a schema that just changed must not move the key to another one. */
function listColumns(stamping: Stamping, select: SelectStmt, at: At): readonly Edit[] {
  if (stamping.statement.cols !== undefined) return []
  const width = unlistedWidth(stamping, select, at.context)
  const columns = (stamping.target.relation?.columns ?? []).slice(0, width)
  const names = columns.map(({ name }) => quoteIdentifier(name))
  return [insert(at.context.tokens.ends[stamping.after - 1] ?? 0, ` (${names.join(', ')})`)]
}

function tieRows(stamping: Stamping, select: SelectStmt, at: At): readonly Edit[] {
  const index = keyIndex(stamping, select, at)
  if (select.valuesLists === undefined)
    return arms(select).flatMap((arm) => tieArm(arm, index, { ...at, stamping }))
  const spans = rowSpans(stamping, select, at.context)
  const keys = select.valuesLists.map((row, number): RowKey => {
    const items = listItems(at.context.tokens, spans[number] ?? { from: 0, to: 0 })
    return { value: rowValues(row)[index], span: items[index] ?? { from: 0, to: 0 } }
  })
  for (const { value } of keys) demandMovable(value, false, at)
  // what is sorted or cut off might be rows that others rely on
  const isWhole = ORDERING.every((clause) => select[clause] === undefined)
  return isWhole ? tieKeys(keys, at) : keys.flatMap((key) => tieValue(at.tying, key, at.context))
}

const ORDERING = ['sortClause', 'limitCount', 'limitOffset'] as const

interface RowKey {
  readonly value: Node | undefined
  readonly span: TokenSpan
}

/** Values that may be written twice are asked for all at once, in the place of the first: a query for each row takes too long to plan. */
function tieKeys(keys: readonly RowKey[], { tying, context }: At): readonly Edit[] {
  const counts = new Map<number, number>()
  for (const { value } of keys) {
    const number = parameterOf(value)
    if (number !== null) counts.set(number, (counts.get(number) ?? 0) + 1)
  }
  const isPlain = ({ value }: RowKey): boolean => isRepeatable(value, counts, context)
  const [first, ...others] = keys.filter(isPlain)
  const several = first === undefined ? [] : [{ ...first, others: others.map(({ span }) => span) }]
  const single = keys.filter((key) => !isPlain(key))
  return [...several, ...single].flatMap((key) => tieValue(tying, key, context))
}

const REPEATABLE_TYPES = new Set(['int2', 'int4', 'int8', 'numeric', 'text', 'uuid', 'varchar'])

/** A constant, or a parameter that is nothing but such a key: elsewhere it could have to be of another type. */
function isRepeatable(
  value: Node | undefined,
  counts: ReadonlyMap<number, number>,
  context: ScopeContext,
): boolean {
  const number = parameterOf(value)
  return number === null
    ? value !== undefined && isConstant(value)
    : context.usesOf(number) === counts.get(number)
}

function isConstant(value: Node): boolean {
  const bare = withoutCasts(value)
  return bare !== undefined && 'A_Const' in bare
}

function parameterOf(value: Node | undefined): number | null {
  const bare = withoutCasts(value)
  return bare !== undefined && 'ParamRef' in bare ? (bare.ParamRef.number ?? 0) : null
}

/** What is cast, by casts that give the same each time; undefined under any other cast. */
function withoutCasts(value: Node | undefined): Node | undefined {
  if (value === undefined || !('TypeCast' in value)) return value
  const { typeName, arg } = value.TypeCast
  const isPlain =
    typeName?.arrayBounds === undefined && REPEATABLE_TYPES.has(strings(typeName?.names).at(-1) ?? '')
  return isPlain ? withoutCasts(arg) : undefined
}

/** The place of the key among the values of a row. */
function keyIndex({ statement, target, column }: Stamping, select: SelectStmt, at: At): number {
  const { cols } = statement
  demandOnce(column, cols, { by: 'list', context: at.context })
  const listed =
    cols === undefined
      ? (target.relation?.columns ?? []).map(({ name }) => name)
      : cols.map((node) => ('ResTarget' in node ? node.ResTarget.name : undefined))
  const index = listed.indexOf(column)
  const named = cols?.[index]
  const isPart = named !== undefined && 'ResTarget' in named && named.ResTarget.indirection !== undefined
  const width = at.context.resolution.outputs.get(arms(select)[0] ?? select)?.length ?? index + 1
  if (index < 0 || isPart || index >= width) throw untied('tiedWithoutKey', target, at.context)
  return index
}

function tieArm(
  arm: SelectStmt,
  index: number,
  { tying, context, stamping }: At & { readonly stamping: Stamping },
): readonly Edit[] {
  const targets = arm.targetList ?? []
  if (targets.length <= index || hasStar(targets.slice(0, index + 1))) {
    throw untied('tiedStar', tying.target, context)
  }
  const item = itemSpans(stamping, arm, context)[index] ?? { from: 0, to: 0 }
  const target = targets[index] as Node & { ResTarget?: { name?: string; val?: Node } }
  const span = valueSpan(item, target.ResTarget?.name, context.tokens)
  demandMovable(target.ResTarget?.val, arm.fromClause !== undefined, { tying, context })
  const shown = context.resolution.outputs.get(arm)?.[index]?.name ?? undefined
  const isNamed = target.ResTarget?.name !== undefined || shown === undefined
  return tieValue(tying, isNamed ? { span } : { span, name: shown }, context)
}
