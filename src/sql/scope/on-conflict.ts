import { unsupported } from '../refusals.js'
import type { InsertSite } from '../resolve/resolution.js'
import { nextClause, tokenAt } from '../token-reader.js'
import type { ScopeContext } from './context.js'
import type { Edit } from './edit.js'
import { pinWhere, targetPin } from './pin-write.js'
import { proveAssignments } from './tenant-value.js'

/**
 * Keeps DO UPDATE off rows of other tenants, which a unique key without the tenant column can hit.
 *
 * Shape    … DO UPDATE SET a = 1  →  … DO UPDATE SET a = 1 WHERE orders.tenant_id OPERATOR(pg_catalog.=) 'acme'
 */
export function pinConflict(site: InsertSite, context: ScopeContext): readonly Edit[] {
  const conflict = site.statement.onConflictClause
  if (conflict === undefined || conflict.action !== 'ONCONFLICT_UPDATE') return []
  const { alias, relname } = site.target.rangeVar
  if ((alias?.aliasname ?? relname) === 'excluded') throw unsupported('excludedTarget')
  proveAssignments(site.target, conflict.targetList ?? [], context)
  const start = tokenAt(context.tokens, conflict.location ?? 0)
  const action = nextClause(context.tokens, start, new Set(['do']))
  return pinWhere(action + 1, targetPin(site.target, context), context)
}
