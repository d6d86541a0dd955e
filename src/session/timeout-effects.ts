import { GatewayError } from '../core/errors.js'
import { boundedStatementTimeout } from '../limits/statement-timeout.js'
import type { CompiledStatement, Effect } from '../sql/compiled.js'

/**
 * Refuses to lift the statement timeout where the gateway couldn't put it right before the next statement runs: for the
 * rest of a transaction, or in front of more statements of the same text. Anywhere else the limit takes its place.
 *
 * Throws   SETTING_VALUE
 */
export function demandBoundedTimeout(statements: readonly CompiledStatement[], limitMs: number): void {
  if (limitMs === 0) return
  statements.forEach(({ effects }, index) => {
    const isLast = index === statements.length - 1
    for (const effect of effects)
      if (lifts(effect, limitMs) && (isLocal(effect) || !isLast)) throw refusal(effect, limitMs)
  })
}

/** Whether a limit is lifted by it until the gateway has put it right. */
export function liftsTimeout(statements: readonly CompiledStatement[], limitMs: number): boolean {
  return limitMs !== 0 && statements.some(({ effects }) => effects.some((effect) => lifts(effect, limitMs)))
}

/** Throws   SETTING_VALUE: a statement would run before a timeout that was lifted is put right */
export function refuseUnbounded(limitMs: number): never {
  throw refusal({ kind: 'reset-all' }, limitMs)
}

function lifts(effect: Effect, limitMs: number): boolean {
  if (effect.kind === 'reset-all' || effect.kind === 'discard-all') return true
  if (effect.kind !== 'set' || effect.name !== 'statement_timeout') return false
  return effect.value === null || boundedStatementTimeout(effect.value, limitMs) !== effect.value
}

function isLocal(effect: Effect): boolean {
  return effect.kind === 'set' && effect.local
}

function refusal(effect: Effect, limitMs: number): GatewayError {
  const value = effect.kind === 'set' ? (effect.value ?? 'DEFAULT') : 'DEFAULT'
  return new GatewayError(
    'SETTING_VALUE',
    { setting: 'statement_timeout', value },
    {
      detail: `The tenant's limit is ${limitMs} ms.`,
      hint: 'Set it in a statement of its own, outside of SET LOCAL and with a Sync behind it.',
    },
  )
}
