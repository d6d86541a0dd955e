import type { Clock } from '../core/clock.js'
import { type Borrow, BorrowedTokens } from './borrowed-tokens.js'
import type { Counters } from './counters.js'
import type { Quotas } from './quotas.js'
import { RateLimits } from './rate-limits.js'
import { SharedOccupancy } from './shared-occupancy.js'

/** The quotas of a gateway that is one process. */
export class OwnQuotas implements Quotas {
  readonly #connections: SharedOccupancy
  readonly #rates: RateLimits
  readonly #borrowed: BorrowedTokens | null

  /** `shared` where others count as well. */
  constructor(clock: Clock, shared?: Pick<Counters, 'connections' | 'borrow'>) {
    this.#connections = shared?.connections ?? new SharedOccupancy()
    const nowMs = () => clock.monotonicMs()
    this.#rates = new RateLimits(nowMs)
    this.#borrowed = shared === undefined ? null : new BorrowedTokens(shared.borrow, nowMs)
  }

  enter(key: string, limit: number): Promise<boolean> {
    return this.#connections.enter(key, limit)
  }

  leave(key: string): void {
    this.#connections.leave(key)
  }

  take(account: string, perSecond: number, wake: () => void): number | null {
    if (this.#borrowed !== null) return this.#borrowed.take(account, perSecond, wake)
    if (perSecond > 0) return this.#rates.take(account, perSecond, 1).waitMs
    this.#rates.forget(account)
    return 0
  }
}

/** The rates of a machine that counts for itself, for those who borrow. */
export function ownRates(clock: Clock): Borrow {
  const rates = new RateLimits(() => clock.monotonicMs())
  return async (account, perSecond, wanted) => rates.take(account, perSecond, wanted)
}
