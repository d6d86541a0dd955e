import type { MultiAssignRef, Node, ResTarget } from '@pgsql/types'
import type { GatewayError } from '../../core/errors.js'
import { unsupported } from '../refusals.js'
import type { RelationSite, UpdateSite } from '../resolve/resolution.js'
import { afterIdentifier, closing, isCharacter, isWord, listItems, type TokenSpan } from '../token-reader.js'
import type { ScopeContext } from './context.js'
import { demandOnce } from './demand-once.js'
import type { Edit } from './edit.js'
import { isSameColumn } from './tenant-value.js'
import { demandMovable, keyColumn, type Tying, tieValue, tyingOf, untied } from './tie-value.js'

/**
 * Makes sure that what is assigned to a child's key is the key of a parent of the tenant's.
 *
 * Shape    SET sku = 'x', order_id = 5  →  SET sku = 'x', order_id = (SELECT … 5 …)
 */
export function tieAssignments(
  { target: child, ctes }: Pick<UpdateSite, 'target' | 'ctes'>,
  assignments: readonly Node[],
  at: { readonly list: TokenSpan; readonly context: ScopeContext },
): readonly Edit[] {
  const column = keyColumn(child)
  if (column.generated) throw untied('tiedColumn', child, at.context)
  demandOnce(column.name, assignments, { by: 'assignments', context: at.context })
  const edits: Edit[] = []
  let index = 0
  for (const item of listItems(at.context.tokens, at.list)) {
    const targets = assignments.slice(index, index + widthOf(assignments[index])).map(resTarget)
    index += targets.length
    const target = targets.find(({ name }) => name === column.name)
    if (target !== undefined && !isKept(target, child))
      edits.push(...tieAssignment(tyingOf(child, ctes, at.context), target, { ...at, item }))
  }
  return edits
}

/** `SET order_id = items.order_id`, or the key of the row that was to be inserted, which is tied already. */
function isKept({ name = '', val, indirection }: ResTarget, child: RelationSite): boolean {
  return indirection === undefined && isSameColumn(val, child, name)
}

function resTarget(node: Node): ResTarget {
  return 'ResTarget' in node ? node.ResTarget : {}
}

/** `SET (a, b) = …` stands in the tree once for each column. */
function widthOf(node: Node | undefined): number {
  const { val } = node === undefined ? {} : resTarget(node)
  return val !== undefined && 'MultiAssignRef' in val ? (val.MultiAssignRef.ncolumns ?? 1) : 1
}

interface At {
  readonly item: TokenSpan
  readonly context: ScopeContext
}

function tieAssignment(tying: Tying, target: ResTarget, at: At): readonly Edit[] {
  const { val } = target
  if (target.indirection !== undefined) throw unassignable(tying, target, at)
  const found =
    val !== undefined && 'MultiAssignRef' in val
      ? rowPart(val.MultiAssignRef, at)
      : { value: val, span: single(at) }
  if (found === null) throw unassignable(tying, target, at)
  demandMovable(found.value, true, { tying, context: at.context })
  return tieValue(tying, found, at.context)
}

/** `name = value` */
function single({ item, context }: At): TokenSpan {
  return { from: afterIdentifier(context.tokens, item.from) + 1, to: item.to }
}

/** One value of `(names) = [ROW] (values)`; null for a subquery, and for a row in more brackets than it needs. */
function rowPart(
  { source, colno }: MultiAssignRef,
  { item, context: { tokens } }: At,
): { readonly value: Node | undefined; readonly span: TokenSpan } | null {
  const values = source !== undefined && 'RowExpr' in source ? (source.RowExpr.args ?? []) : []
  const at = closing(tokens, item.from) + 2
  const open = isWord(tokens, at, 'row') ? at + 1 : at
  if (values.length === 0 || !isCharacter(tokens, open, '(')) return null
  const items = listItems(tokens, { from: open + 1, to: closing(tokens, open) })
  const span = items[(colno ?? 0) - 1]
  return span === undefined || items.length !== values.length
    ? null
    : { value: values[(colno ?? 0) - 1], span }
}

function unassignable({ column }: Tying, { location }: ResTarget, { context }: At): GatewayError {
  return unsupported('tiedAssignment', {
    position: context.position(location),
    about: { column: column.name },
  })
}
