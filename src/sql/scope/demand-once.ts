import type { Node } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import type { ScopeContext } from './context.js'

/**
 * Demands that a column is written at one place, as the server does: only one of its values would be looked at.
 *
 * Throws   KEY_TWICE, SYNTAX_ERROR
 */
export function demandOnce(
  column: string,
  targets: readonly Node[] | undefined,
  { by, context }: { readonly by: 'list' | 'assignments'; readonly context: ScopeContext },
): void {
  const named = targets?.filter((node) => 'ResTarget' in node && node.ResTarget.name === column)
  const second = named?.[1]
  if (second === undefined || !('ResTarget' in second)) return
  const at = { position: context.position(second.ResTarget.location) }
  if (by === 'list') throw new GatewayError('KEY_TWICE', { key: column }, at)
  throw new GatewayError('SYNTAX_ERROR', { message: `multiple assignments to same column "${column}"` }, at)
}
