import { boundedTimeout } from '../limits/bounded-timeout.js'
import type { Limits } from '../tenants/tenant.js'

/** The timeouts that a tenant has limits of. Units: ms; 0: none. */
export type TimeoutLimits = Pick<Limits, 'statementTimeoutMs' | 'idleInTransactionMs'>

/** Settings that a client may lower and not raise, and the limit of each. */
const LIMIT_OF: ReadonlyMap<string, keyof TimeoutLimits> = new Map([
  ['statement_timeout', 'statementTimeoutMs'],
  ['idle_in_transaction_session_timeout', 'idleInTransactionMs'],
])

export const BOUNDED_SETTINGS: readonly string[] = [...LIMIT_OF.keys()]

/** What a setting may be at most; 0: anything. Units: ms */
export function timeoutLimit(setting: string, limits: TimeoutLimits): number {
  const key = LIMIT_OF.get(setting)
  return key === undefined ? 0 : limits[key]
}

/** A setting's value within the limit; undefined where the server's default may stay. */
export function boundedValue(
  setting: string,
  wanted: string | undefined,
  limits: TimeoutLimits,
): string | undefined {
  return boundedTimeout(wanted, timeoutLimit(setting, limits))
}
