import { unsupported } from '../refusals.js'
import type { DeleteSite, RelationSite, UpdateSite } from '../resolve/resolution.js'
import { isWord, nextClause } from '../token-reader.js'
import type { ScopeContext } from './context.js'
import { type Edit, insert, type Piece } from './edit.js'
import { needsFence, qualify } from './guard-read.js'
import { columnReference, pin } from './pin.js'
import { relationSpan } from './span.js'
import { proveAssignments } from './tenant-value.js'

const TAIL = new Set(['where', 'returning'])

/**
 * Narrows the target of an UPDATE, which can't be joined, by the first conjunct of its WHERE.
 *
 * Shape    UPDATE orders SET … WHERE a OR b  →  UPDATE public.orders SET … WHERE orders.tenant_id OPERATOR(pg_catalog.=) 'acme' AND (a OR b)
 */
export function pinUpdate(site: UpdateSite, context: ScopeContext): readonly Edit[] {
  proveAssignments(site.target, site.statement.targetList ?? [], context)
  return pinTarget(site, context)
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
  const column = target.access.kind === 'tenant' ? target.access.column : ''
  return pin(columnReference(target, column), context.strength)
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
