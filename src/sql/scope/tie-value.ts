import type { Node } from '@pgsql/types'
import type { GatewayError } from '../../core/errors.js'
import { invariant } from '../../core/invariant.js'
import { tieOf } from '../../policy/decide.js'
import type { Column } from '../../schema/relation.js'
import type { NodeKind } from '../ast/grammar.js'
import { eachChild, type Struct, untag } from '../ast/walk.js'
import { quoteIdentifier, quoteLiteral } from '../identifier.js'
import { type RefusedConstruct, unsupported } from '../refusals.js'
import { isExpanding, strings } from '../resolve/outputs.js'
import type { CteScope, RelationSite } from '../resolve/resolution.js'
import type { TokenSpan } from '../token-reader.js'
import type { ScopeContext } from './context.js'
import { type Edit, insert, type Piece } from './edit.js'
import { guardName, parentQuery, type Via } from './via.js'
import { type WrittenKey, writtenKeys } from './written-keys.js'

/** A child whose rows are written: what their key has to be, and how it is seen to. */
export interface Tying {
  readonly target: RelationSite & { readonly access: Via }
  readonly column: Column
  readonly keys: readonly WrittenKey[]
  /** What the failure says: the names for the words of PostgreSQL's own error. */
  readonly mark: string
}

/**
 * Throws   UNSUPPORTED_CONSTRUCT where the key isn't written as it was compared
 */
export function tyingOf(target: RelationSite, ctes: CteScope | null, context: ScopeContext): Tying {
  const { access, relation } = target
  const column = keyColumn(target)
  const key = relation === null || access.kind !== 'via' ? undefined : tieOf(relation, access)
  invariant(access.kind === 'via' && key !== undefined, 'a via relation has its tie')
  if (column.generated || column.identity !== null || !key.exact) throw untied('tiedColumn', target, context)
  const tied = { ...target, access }
  const names = [target.schema, target.name, column.name, access.references.name, key.name]
  const mark = `tg_parent ${JSON.stringify(key.deferred ? [...names, 'deferred'] : names)} `
  return { target: tied, column, keys: writtenKeys(tied, ctes, context), mark }
}

/** The column that ties a child to its parent. */
export function keyColumn({ access, relation }: RelationSite): Column {
  const name = access.kind === 'via' ? access.column : null
  const column = relation?.columns.find((candidate) => candidate.name === name)
  invariant(column !== undefined, 'a via relation has the column that ties it')
  return column
}

/** A part of the statement that can't be tied; the relation and its key are named. */
export function untied(name: RefusedConstruct, target: RelationSite, context: ScopeContext): GatewayError {
  const about = { relation: target.name, column: keyColumn(target).name }
  return unsupported(name, { position: context.position(target.rangeVar.location), about })
}

/** A value in the text, the values of other rows to be asked for with it, and the name that it gave its column. */
interface TiedSpan {
  readonly span: TokenSpan
  readonly others?: readonly TokenSpan[]
  readonly name?: string
}

/**
 * Lets a value through if it is the key of a parent of the tenant's, and fails otherwise: alike for a parent of another tenant's and for
 * one that isn't there. PostgreSQL's own check would find both.
 *
 * The value is computed once, inside VALUES: what would mean something else in there, an aggregate or a set, the server
 * refuses. OFFSET keeps the planner from folding the failure. The parent is locked as by the check of the foreign key, so that
 * the two can't see different rows under one key. Not a NULL either: such a row would be nobody's. `others` are values of other
 * rows, for which it asks as well.
 *
 * Shape    e  →  (SELECT _tg0._tg0 FROM (VALUES (CAST(e AS pg_catalog.int4)) OFFSET 0) AS _tg0(_tg0) WHERE CASE
 *          WHEN EXISTS (SELECT FROM public.orders AS _tg1 WHERE _tg1.id = _tg0._tg0 AND <pin> FOR KEY SHARE) THEN true
 *          ELSE CAST(pg_catalog.concat('tg_parent […] ', …) AS pg_catalog.bool) END
 *          [ AND (SELECT pg_catalog.bool_and(CASE … END) FROM (VALUES (CAST(f AS pg_catalog.int4)), … OFFSET 0) AS _tg0(_tg0))])
 */
export function tieValue(
  tying: Tying,
  { span, others = [], name: shown }: TiedSpan,
  context: ScopeContext,
): readonly Edit[] {
  const { text, starts, ends } = context.tokens
  const [start, end] = [starts[span.from] ?? 0, ends[span.to - 1] ?? 0]
  const name = `${context.aliasPrefix}0`
  const { type } = tying.column
  const condition = parentCondition(tying, `${name}.${name}`, context)
  const values = others.map((other) => text.toString('utf8', starts[other.from], ends[other.to - 1]))
  for (const value of values) context.repeated.push(value)
  const further = values.map((value) => `(CAST(${value} AS ${type}))`)
  const alsoAll: readonly Piece[] = [
    ' AND (SELECT pg_catalog.bool_and(',
    ...condition,
    `) FROM (VALUES ${further.join(', ')} OFFSET 0) AS ${name}(${name}))`,
  ]
  return [
    insert(start, `(SELECT ${name}.${name} FROM (VALUES (CAST(`),
    insert(
      end,
      ` AS ${type})) OFFSET 0) AS ${name}(${name}) WHERE `,
      ...condition,
      ...(further.length === 0 ? [] : alsoAll),
      shown === undefined ? ')' : `) AS ${quoteIdentifier(shown)}`,
    ),
  ]
}

/** True for the key of a parent of the tenant's; an error for any other value. */
function parentCondition(
  { target, keys, mark }: Tying,
  value: string,
  context: ScopeContext,
): readonly Piece[] {
  return [
    'CASE WHEN EXISTS (',
    ...parentQuery(value, target, context),
    ' FOR KEY SHARE) THEN true ',
    ...keys.map((key) => writtenCondition(key, value, guardName(target, context))),
    `ELSE CAST(pg_catalog.concat(${quoteLiteral(mark)}, ${value} IS NULL, ' ', ${value}, ' tg_parent') AS pg_catalog.bool) END`,
  ]
}

function writtenCondition({ query, column }: WrittenKey, value: string, name: string): Piece {
  return `WHEN EXISTS (SELECT FROM ${quoteIdentifier(query)} AS ${name} WHERE ${name}.${quoteIdentifier(column)} OPERATOR(pg_catalog.=) ${value}) THEN true `
}

/** They give the same value however often they are called in one statement. */
const STEADY = new Set(['currval', 'now'])

/**
 * Demands that a value means the same one level of query further down.
 *
 * `isRepeated`: it is computed for each of several rows; without a column of theirs in it, it would be computed once.
 *
 * Throws   UNSUPPORTED_CONSTRUCT
 */
export function demandMovable(
  value: Node | undefined,
  isRepeated: boolean,
  at: { readonly tying: Tying; readonly context: ScopeContext },
): void {
  const { target } = at.tying
  if (value === undefined || 'SetToDefault' in value) throw untied('tiedWithoutKey', target, at.context)
  const parts = isExpanding(value) ? null : partsOf(value)
  const calls = parts?.calls ?? []
  const isAbove = calls.some(({ over, agg_star }) => over !== undefined || agg_star === true)
  const isOnce =
    isRepeated &&
    parts?.hasColumn === false &&
    calls.some(({ funcname }) => !STEADY.has(strings(funcname as Node[]).at(-1) ?? ''))
  if (parts === null || isAbove || isOnce) throw untied('tiedExpression', target, at.context)
}

/** What a value holds outside of its subqueries. */
function partsOf(value: Node): { readonly hasColumn: boolean; readonly calls: readonly Struct[] } {
  const calls: Struct[] = []
  let hasColumn = false
  const visit = (kind: NodeKind, struct: Struct): void => {
    if (kind === 'FuncCall') calls.push(struct)
    if (kind === 'ColumnRef') hasColumn = true
    if (kind !== 'SubLink') eachChild(kind, struct, visit)
  }
  const root = untag(value)
  if (root !== null) visit(root.kind, root.struct)
  return { hasColumn, calls }
}
