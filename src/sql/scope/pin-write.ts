import type { Node } from '@pgsql/types'
import { unsupported } from '../refusals.js'
import type { DeleteSite, InsertSite, MergeSite, RelationSite, UpdateSite } from '../resolve/resolution.js'
import { isWord, nextClause, type TokenSpan } from '../token-reader.js'
import type { ScopeContext } from './context.js'
import { type Edit, insert, type Piece } from './edit.js'
import { guardCondition, needsFence, qualify } from './guard-read.js'
import { relationSpan } from './span.js'
import { proveAssignments } from './tenant-value.js'
import { tieAssignments } from './tie-assign.js'

const TAIL = new Set(['where', 'returning'])
const END_OF_SET = new Set(['from', 'where', 'returning'])

/**
 * Narrows the target of an UPDATE, which can't be joined, by the first conjunct of its WHERE.
 *
 * Shape    UPDATE orders SET … WHERE a OR b  →  UPDATE public.orders SET … WHERE orders.tenant_id OPERATOR(pg_catalog.=) 'acme' AND (a OR b)
 */
export function pinUpdate(site: UpdateSite, context: ScopeContext): readonly Edit[] {
  const { nextToken } = relationSpan(context.tokens, site.target.rangeVar, false)
  const assigned = assign(site, site.statement.targetList ?? [], {
    list: { from: nextToken + 1, to: nextClause(context.tokens, nextToken + 1, END_OF_SET) },
    context,
  })
  return [...assigned, ...pinTarget(site, context)]
}

/** Sees to it that an assignment makes no row another tenant's; `list` is what stands behind SET. */
export function assign(
  site: UpdateSite | InsertSite | MergeSite,
  assignments: readonly Node[],
  at: { readonly list: TokenSpan; readonly context: ScopeContext },
): readonly Edit[] {
  const { target } = site
  if (target.access.kind === 'via') return tieAssignments(site, assignments, at)
  proveAssignments(target, assignments, at.context)
  return []
}

/**
 * Narrows the target of a DELETE by the first conjunct of its WHERE.
 *
 * Shape    DELETE FROM orders o  →  DELETE FROM public.orders o WHERE o.tenant_id OPERATOR(pg_catalog.=) 'acme'
 */
export function pinDelete(site: DeleteSite, context: ScopeContext): readonly Edit[] {
  return pinTarget(site, context)
}

/** The row that a cursor of this session is at has passed the guard of the cursor's query; nothing can stand beside CURRENT OF. */
function pinTarget({ statement, target }: UpdateSite | DeleteSite, context: ScopeContext): readonly Edit[] {
  const span = relationSpan(context.tokens, target.rangeVar, false)
  if (statement.whereClause !== undefined && 'CurrentOfExpr' in statement.whereClause)
    return qualify(target, span)
  return [...qualify(target, span), ...pinWhere(span.nextToken, targetPin(target, context), context)]
}

/** The pin of a row that is written; a target can't be fenced. */
export function targetPin(target: RelationSite, context: ScopeContext): readonly Piece[] {
  if (needsFence(target, context.strength)) {
    throw unsupported('unfencedTarget')
  }
  return guardCondition(target, context) ?? ['false']
}

/** Puts a pin in front of the WHERE that belongs to the clause at a token, or writes the WHERE. */
export function pinWhere(from: number, condition: readonly Piece[], context: ScopeContext): readonly Edit[] {
  const { tokens } = context
  const where = nextClause(tokens, from, TAIL)
  if (!isWord(tokens, where, 'where')) return [insert(tokens.ends[where - 1] ?? 0, ' WHERE ', ...condition)]
  const end = nextClause(tokens, where + 1, TAIL)
  return [
    insert(tokens.starts[where + 1] ?? 0, ...condition, ' AND ('),
    insert(tokens.ends[end - 1] ?? 0, ')'),
  ]
}
