import type { MergeWhenClause } from '@pgsql/types'
import { quoteIdentifier } from '../identifier.js'
import { isExpanding } from '../resolve/outputs.js'
import type { MergeSite } from '../resolve/resolution.js'
import { closing, listItems, nextClause } from '../token-reader.js'
import type { ScopeContext } from './context.js'
import { demandOnce } from './demand-once.js'
import { type Edit, insert } from './edit.js'
import { expandingRow } from './insert-rows.js'
import { widthError } from './merge-insert.js'
import { demandMovable, tieValue, tyingOf, untied } from './tie-value.js'

/**
 * Makes sure that the row of `THEN INSERT` has a parent of the tenant's; `after` is the token behind INSERT.
 *
 * Shape    INSERT (id, order_id) VALUES (s.id, s.o)  →  INSERT (id, order_id) VALUES (s.id, (SELECT … s.o …))
 */
export function tieAction(
  { values, targetList }: MergeWhenClause,
  { target, ctes }: MergeSite,
  { after, context }: { readonly after: number; readonly context: ScopeContext },
): readonly Edit[] {
  const { tokens } = context
  const tying = tyingOf(target, ctes, context)
  if (values === undefined) throw untied('tiedWithoutKey', target, context)
  if (values.some(isExpanding))
    throw expandingRow({ statement: {}, target, column: tying.column.name, type: '', after }, context)
  if (targetList !== undefined && targetList.length !== values.length)
    throw widthError(targetList.length > values.length)
  demandOnce(tying.column.name, targetList, { by: 'list', context })
  const names =
    targetList?.map((node) => ('ResTarget' in node ? node.ResTarget.name : undefined)) ??
    target.relation?.columns.slice(0, values.length).map(({ name }) => name) ??
    []
  const index = names.indexOf(tying.column.name)
  if (index < 0) throw untied('tiedWithoutKey', target, context)
  demandMovable(values[index], true, { tying, context })
  const open = nextClause(tokens, after, new Set(['values'])) + 1
  const item = listItems(tokens, { from: open + 1, to: closing(tokens, open) })[index]
  const written = names.map((name) => quoteIdentifier(name ?? '')).join(', ')
  return [
    ...(targetList === undefined ? [insert(tokens.ends[after - 1] ?? 0, ` (${written})`)] : []),
    ...tieValue(tying, { span: item ?? { from: 0, to: 0 } }, context),
  ]
}
