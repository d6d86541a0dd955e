import type { CompiledText, Effect } from '../sql/compiled.js'

/** Whether a text may leave another search path behind than it found; the end of a transaction is seen elsewhere. */
export function changesSearchPath(text: CompiledText): boolean {
  for (const { effects } of text.statements) if (effects.length > 0 && effects.some(isChange)) return true
  return false
}

function isChange(effect: Effect): boolean {
  return effect.kind === 'reset-all' || (effect.kind === 'set' && effect.name === 'search_path')
}

/** Whether the client has to send rows for it: COPY … FROM STDIN. */
export function takesRows(text: CompiledText): boolean {
  return text.statements.some((statement) => statement.copyIn !== undefined)
}
