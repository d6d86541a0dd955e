import type { ClosePortalStmt, DeclareCursorStmt, DiscardStmt } from '@pgsql/types'
import type { Struct } from '../ast/walk.js'
import type { Effect } from '../compiled.js'
import type { FunctionSite, Resolver } from './resolution.js'

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

const CHANNEL_USES = { ListenStmt: 'listen', NotifyStmt: 'notify', UnlistenStmt: 'unlisten' } as const

/** LISTEN, NOTIFY and UNLISTEN, which without a name is of all channels; NOTIFY leaves nothing behind. */
export function resolveChannel(
  { resolution }: Resolver,
  kind: keyof typeof CHANNEL_USES,
  { conditionname }: Struct,
): null {
  const use = CHANNEL_USES[kind]
  const name = typeof conditionname === 'string' ? conditionname : null
  if (name !== null) resolution.channels.push({ use, name })
  if (use === 'unlisten') resolution.effects.push({ kind: 'let-go', held: 'channel', name })
  else if (use === 'listen' && name !== null)
    resolution.effects.push({ kind: 'hold', held: 'channel', name, local: false })
  return null
}

const TAKES = /^pg_(?:try_)?advisory_lock(?:_shared)?$/
const GIVES_BACK = /^pg_advisory_unlock(?:_shared|_all)?$/

/** Locks of the session, by function. Whether one is really taken or given back, and which, only the server knows. */
export function lockEffects(functions: readonly FunctionSite[]): readonly Effect[] {
  const names = functions.map(({ parts }) => parts.at(-1) ?? '')
  const effects: Effect[] = []
  if (names.some((name) => TAKES.test(name)))
    effects.push({ kind: 'hold', held: 'lock', name: '', local: false })
  if (names.some((name) => GIVES_BACK.test(name))) effects.push({ kind: 'let-go', held: 'lock', name: null })
  return effects
}
