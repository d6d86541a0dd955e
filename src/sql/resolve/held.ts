import type { ClosePortalStmt, DeclareCursorStmt, DiscardStmt } from '@pgsql/types'
import type { Effect } from '../compiled.js'

/** CURSOR_OPT_HOLD of PostgreSQL's src/include/nodes/parsenodes.h. */
const CURSOR_HOLD = 0x20

/** A cursor WITH HOLD outlives its transaction. */
export function declareEffects({ portalname = '', options = 0 }: DeclareCursorStmt): readonly Effect[] {
  if ((options & CURSOR_HOLD) === 0) return []
  return [{ kind: 'hold', held: 'cursor', name: portalname, local: false }]
}

/** Without a name it is CLOSE ALL. */
export function closeEffects({ portalname }: ClosePortalStmt): readonly Effect[] {
  return [{ kind: 'let-go', held: 'cursor', name: portalname ?? null }]
}

export function discardEffects({ target }: DiscardStmt): readonly Effect[] {
  if (target === 'DISCARD_ALL') return [{ kind: 'discard-all' }]
  return target === 'DISCARD_TEMP' ? [{ kind: 'let-go', held: 'table', name: null }] : []
}
