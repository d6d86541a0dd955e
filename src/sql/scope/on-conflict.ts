import { unsupported } from '../refusals.js'
import type { InsertSite } from '../resolve/resolution.js'
import { nextClause, tokenAt } from '../token-reader.js'
import type { ScopeContext } from './context.js'
import type { Edit } from './edit.js'
import { guardCondition } from './guard-read.js'
import { assign, pinWhere, targetPin } from './pin-write.js'

const END_OF_SET = new Set(['where', 'returning'])

/**
 * Keeps DO UPDATE off rows of other tenants, which a unique key without the tenant column can hit.
 *
 * Its conditions are evaluated as they are written, so that the pin comes first whatever its form: a tied row needs no fence.
 *
 * Shape    … DO UPDATE SET a = 1  →  … DO UPDATE SET a = 1 WHERE orders.tenant_id OPERATOR(pg_catalog.=) 'acme'
 */
export function pinConflict(site: InsertSite, context: ScopeContext): readonly Edit[] {
  const conflict = site.statement.onConflictClause
  if (conflict === undefined || conflict.action !== 'ONCONFLICT_UPDATE') return []
  const { alias, relname } = site.target.rangeVar
  if ((alias?.aliasname ?? relname) === 'excluded') throw unsupported('excludedTarget')
  const { tokens } = context
  const start = tokenAt(tokens, conflict.location ?? 0)
  const action = nextClause(tokens, start, new Set(['do']))
  // DO UPDATE SET …
  const list = { from: action + 3, to: nextClause(tokens, action + 3, END_OF_SET) }
  const condition =
    site.target.access.kind === 'via' ? guardCondition(site.target, context) : targetPin(site.target, context)
  return [
    ...assign(site, conflict.targetList ?? [], { list, context }),
    ...pinWhere(action + 1, condition ?? ['false'], context),
  ]
}
