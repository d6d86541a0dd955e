import type { MergeWhenClause } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { quoteIdentifier } from '../identifier.js'
import { isExpanding } from '../resolve/outputs.js'
import type { RelationSite } from '../resolve/resolution.js'
import { closing, nextClause } from '../token-reader.js'
import type { ScopeContext, Stamping } from './context.js'
import { demandOnce } from './demand-once.js'
import { type Edit, insert } from './edit.js'
import { expandingRow } from './insert-rows.js'
import { checkValue, defaultValues, refuseOverride, STAMP } from './stamp-insert.js'
import { isTenantColumn, tenantColumnError } from './tenant-value.js'

/**
 * Makes the row of `THEN INSERT` the tenant's; `after` is the token behind INSERT.
 *
 * Shape    INSERT (id) VALUES (s.id)  →  INSERT (id, tenant_id) VALUES (s.id, 'acme')
 */
export function stampAction(
  clause: MergeWhenClause,
  target: RelationSite,
  at: { readonly after: number; readonly context: ScopeContext },
): readonly Edit[] {
  const { after, context } = at
  const column = target.access.kind === 'tenant' ? target.access.column : ''
  const stamping: Stamping = { statement: {}, target, column, type: 'pg_catalog.text', after }
  const { values, targetList } = clause
  refuseOverride(stamping, clause.override, context)
  if (values === undefined) return defaultValues(stamping, context)
  demandOnce(column, targetList, { by: 'list', context })
  if (values.some(isExpanding)) throw expandingRow(stamping, context)
  const columns =
    targetList?.map((node) => ('ResTarget' in node ? node.ResTarget.name : undefined)) ??
    target.relation?.columns.map(({ name }) => name) ??
    []
  if (targetList !== undefined && targetList.length !== values.length)
    throw widthError(targetList.length > values.length)
  refuseSecondName(columns.slice(0, values.length), stamping, context)
  const index = columns.indexOf(column)
  if (index >= 0 && index < values.length) return checkValue(stamping, values[index], context)
  const { ends } = context.tokens
  const row = nextClause(context.tokens, after, new Set(['values'])) + 1
  const stamp = insert(ends[closing(context.tokens, row) - 1] ?? 0, ', ', ...STAMP)
  if (targetList !== undefined) {
    return [insert(ends[closing(context.tokens, after) - 1] ?? 0, `, ${quoteIdentifier(column)}`), stamp]
  }
  const names = columns.slice(0, values.length).map((name) => quoteIdentifier(name ?? ''))
  return [insert(ends[after - 1] ?? 0, ` (${[...names, quoteIdentifier(column)].join(', ')})`), stamp]
}

/** A view may show the tenant column under another name, which can't be written beside the first. */
function refuseSecondName(
  columns: readonly (string | undefined)[],
  { target, column }: Stamping,
  context: ScopeContext,
): void {
  const second = columns.find((name) => name !== column && isTenantColumn(name, target))
  if (second !== undefined)
    throw tenantColumnError(target, second, context.position(target.rangeVar.location))
}

/** As the server has it, where the row of an action has more or fewer values than columns are listed. */
export function widthError(isShort: boolean): GatewayError {
  const message = isShort
    ? 'INSERT has more target columns than expressions'
    : 'INSERT has more expressions than target columns'
  return new GatewayError('SYNTAX_ERROR', { message })
}
