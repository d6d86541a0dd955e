import type { CompiledText, Effect } from '../sql/compiled.js'
import { BOUNDED_SETTINGS } from './bounded-timeouts.js'

/**
 * Whether names may mean something else behind a text than in front of it: the search path, the temporary tables. The
 * end of a transaction is seen elsewhere.
 */
export function changesNames(text: CompiledText): boolean {
  for (const { effects } of text.statements) if (effects.length > 0 && effects.some(isChange)) return true
  return false
}

function isChange(effect: Effect): boolean {
  switch (effect.kind) {
    case 'set':
      return effect.name === 'search_path'
    case 'hold':
    case 'let-go':
      return effect.held === 'table' || effect.held === 'statement'
    case 'reset-all':
    case 'discard-all':
      return true
    default:
      return false
  }
}

/**
 * Whether nothing may stand behind it on the wire before it is answered: the client has to send rows for it, it throws
 * away what the gateway has prepared, or leaves a setting that the gateway has to put right.
 */
export function standsLast(text: CompiledText): boolean {
  for (const { copyIn, effects } of text.statements) {
    if (copyIn !== undefined) return true
    for (const effect of effects) if (forgetsStatements(effect) || mayNeedCorrection(effect)) return true
  }
  return false
}

function forgetsStatements(effect: Effect): boolean {
  return effect.kind === 'discard-all' || (effect.kind === 'let-go' && effect.held === 'statement')
}

/** The server's default may not be what the session goes back to; a timeout may be above its limit. */
function mayNeedCorrection(effect: Effect): boolean {
  if (effect.kind === 'set') return effect.value === null || BOUNDED_SETTINGS.includes(effect.name)
  return effect.kind === 'reset-all'
}
