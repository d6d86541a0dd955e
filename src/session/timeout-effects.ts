import { GatewayError } from '../core/errors.js'
import type { CompiledStatement, Effect } from '../sql/compiled.js'
import { BOUNDED_SETTINGS, boundedValue, type TimeoutLimits, timeoutLimit } from './bounded-timeouts.js'

/**
 * Refuses to lift a timeout that has a limit where the gateway couldn't put it right before the next statement runs: for the
 * rest of a transaction, by a call of set_config(), or in front of more statements of the same text. Anywhere else the limit
 * takes its place.
 *
 * Throws   SETTING_VALUE
 */
export function demandBoundedTimeout(statements: readonly CompiledStatement[], limits: TimeoutLimits): void {
  if (isUnlimited(limits)) return
  statements.forEach(({ effects }, index) => {
    const isLast = index === statements.length - 1
    for (const effect of effects)
      if (lifts(effect, limits) && (isUnseen(effect) || !isLast)) throw refusal(effect, limits)
  })
}

/** Whether a limit is lifted by it until the gateway has put it right. */
export function liftsTimeout(statements: readonly CompiledStatement[], limits: TimeoutLimits): boolean {
  return (
    !isUnlimited(limits) && statements.some(({ effects }) => effects.some((effect) => lifts(effect, limits)))
  )
}

/** Throws   SETTING_VALUE: a statement would run before a timeout that was lifted is put right */
export function refuseUnbounded(limits: TimeoutLimits): never {
  throw refusal({ kind: 'reset-all' }, limits)
}

function isUnlimited({ statementTimeoutMs, idleInTransactionMs }: TimeoutLimits): boolean {
  return statementTimeoutMs === 0 && idleInTransactionMs === 0
}

function lifts(effect: Effect, limits: TimeoutLimits): boolean {
  if (effect.kind === 'reset-all' || effect.kind === 'discard-all') return true
  if (effect.kind !== 'set' || timeoutLimit(effect.name, limits) === 0) return false
  return effect.value === null || boundedValue(effect.name, effect.value, limits) !== effect.value
}

/** Whether nobody sees when to put it right. */
function isUnseen(effect: Effect): boolean {
  return effect.kind === 'set' && (effect.local || effect.byCall === true)
}

function refusal(effect: Effect, limits: TimeoutLimits): GatewayError {
  const value = effect.kind === 'set' ? (effect.value ?? 'DEFAULT') : 'DEFAULT'
  const limited = BOUNDED_SETTINGS.find((name) => timeoutLimit(name, limits) > 0) ?? ''
  const setting = effect.kind === 'set' ? effect.name : limited
  return new GatewayError(
    'SETTING_VALUE',
    { setting, value },
    {
      detail: `The tenant's limit is ${timeoutLimit(setting, limits)} ms.`,
      hint: 'Set it by SET, in a statement of its own, outside of SET LOCAL and with a Sync behind it.',
    },
  )
}
