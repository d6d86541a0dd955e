import type { Clock } from '../core/clock.js'
import { Occupancy } from './occupancy.js'
import type { Quotas } from './quotas.js'
import { RateLimits } from './rate-limits.js'

/** The quotas of a gateway that is one process. */
export class OwnQuotas implements Quotas {
  readonly #clock: Clock
  readonly #connections = new Occupancy()
  readonly #rates = new RateLimits()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async enter(key: string, limit: number): Promise<boolean> {
    return this.#connections.enter(key, limit)
  }

  leave(key: string): void {
    this.#connections.leave(key)
  }

  take(account: string, perSecond: number): number {
    if (perSecond > 0)
      return this.#rates.take(account, perSecond, { nowMs: this.#clock.monotonicMs(), wanted: 1 }).waitMs
    this.#rates.forget(account)
    return 0
  }
}
