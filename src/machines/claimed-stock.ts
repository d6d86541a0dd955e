import type { Clock } from '../core/clock.js'
import type { Stock } from '../limits/permits.js'
import type { SharedCounts } from '../limits/shared-counts.js'

/** How often what isn't used is given back. */
const REVIEW_MS = 200
/** How long a machine uses all it has before it gives one back, if that is more than its share. */
const TURN_MS = 1_000
/** Who got none asks again after a time of up to so long, by chance: nobody is always the first. */
const PAUSE_MS = 50

interface Claim {
  claimed: number
  held: number
  limit: number
  /** Monotonic: since when all that was claimed has been in use. */
  fullSinceMs: number
  /** One more was asked for, and there is no answer yet. */
  isAsked: boolean
  pause: NodeJS.Timeout | null
  /** To be called when it may be worth a try. */
  again: () => void
}

/**
 * The permits of this machine, out of those that all machines have together: asked for one by one, kept while they are used.
 *
 * Machines that want more than there are come to equal shares: who has more for a second gives one back.
 */
export class ClaimedStock implements Stock {
  readonly #shared: SharedCounts
  readonly #clock: Clock
  readonly #claims = new Map<string, Claim>()
  readonly #review: NodeJS.Timeout

  constructor(shared: SharedCounts, clock: Clock) {
    this.#shared = shared
    this.#clock = clock
    this.#review = setInterval(() => this.#reviewAll(), REVIEW_MS).unref()
  }

  stop(): void {
    clearInterval(this.#review)
    for (const { pause } of this.#claims.values()) if (pause !== null) clearTimeout(pause)
  }

  admits(key: string, held: number, limit: number, again: () => void): boolean {
    const claim = this.#claimOf(key)
    claim.limit = limit
    if (held < claim.claimed) {
      claim.held = held + 1
      return true
    }
    claim.again = again
    if (!claim.isAsked && claim.pause === null) void this.#ask(key, claim)
    return false
  }

  returned(key: string, held: number): void {
    const claim = this.#claims.get(key)
    if (claim === undefined) return
    claim.held = held
    if (claim.isAsked || held + 1 !== claim.claimed || !this.#isTurnOver(key, claim)) return
    this.#lower(key, claim)
    // time enough for others to ask again
    this.#askLater(claim, 2 * PAUSE_MS)
  }

  #claimOf(key: string): Claim {
    const known = this.#claims.get(key)
    if (known !== undefined) return known
    const fullSinceMs = this.#clock.monotonicMs()
    const nothing = { claimed: 0, held: 0, limit: 0, fullSinceMs, isAsked: false, pause: null }
    const claim: Claim = { ...nothing, again: () => {} }
    this.#claims.set(key, claim)
    return claim
  }

  async #ask(key: string, claim: Claim): Promise<void> {
    claim.isAsked = true
    const isGranted = await this.#shared.claim(sharedKey(key), claim.claimed + 1, claim.limit)
    claim.isAsked = false
    if (isGranted) {
      claim.claimed += 1
      claim.again()
    } else this.#askLater(claim, PAUSE_MS * (0.5 + Math.random() / 2))
  }

  #askLater(claim: Claim, ms: number): void {
    if (claim.pause !== null) clearTimeout(claim.pause)
    claim.pause = setTimeout(() => {
      claim.pause = null
      claim.again()
    }, ms)
  }

  #isTurnOver(key: string, { claimed, limit, fullSinceMs }: Claim): boolean {
    const machines = 1 + this.#shared.others(sharedKey(key))
    return claimed > limit / machines && this.#clock.monotonicMs() - fullSinceMs > TURN_MS
  }

  #lower(key: string, claim: Claim): void {
    claim.claimed = claim.held
    claim.fullSinceMs = this.#clock.monotonicMs()
    this.#shared.lower(sharedKey(key), claim.held)
  }

  #reviewAll(): void {
    for (const [key, claim] of this.#claims) {
      if (claim.isAsked || claim.pause !== null) continue
      if (claim.claimed > claim.held) this.#lower(key, claim)
      if (claim.claimed === 0) this.#claims.delete(key)
    }
  }
}

function sharedKey(key: string): string {
  return `statements:${key}`
}
