import type { Loan } from './rate-limits.js'
import { SweptMap } from './swept-map.js'

/** Asks for up to so many tokens at once; must not reject. */
export type Borrow = (account: string, perSecond: number, wanted: number) => Promise<Loan>

interface Purse {
  readonly perSecond: number
  tokens: number
  /** Monotonic: how long the tokens are good. */
  goodUntilMs: number
  /** Monotonic: how long there are none to be had. */
  emptyUntilMs: number
  /** Those who wait for an answer; null where nothing was asked. */
  waiting: (() => void)[] | null
}

/** How many are borrowed ahead, as a part of a second's. */
const PARTS_OF_A_SECOND = 20
/** What isn't spent in this time is lost: tokens of long ago would make a burst. */
const GOOD_FOR_MS = 1_000

/**
 * Tokens of accounts whose rates somebody else keeps, borrowed a few at a time: most statements take one without asking.
 *
 * Never more are spent than were granted; a few may be lost.
 */
export class BorrowedTokens {
  readonly #borrow: Borrow
  readonly #nowMs: () => number
  readonly #purses: SweptMap<Purse>

  constructor(borrow: Borrow, nowMs: () => number) {
    this.#borrow = borrow
    this.#nowMs = nowMs
    this.#purses = new SweptMap((purse) => isSpent(purse, nowMs()))
  }

  /** As `Quotas.take`. */
  take(account: string, perSecond: number, wake: () => void): number | null {
    if (perSecond === 0) {
      if (this.#purses.size > 0) this.#purses.delete(account)
      return 0
    }
    const purse = this.#purseOf(account, perSecond)
    const nowMs = this.#nowMs()
    if (purse.tokens > 0 && nowMs < purse.goodUntilMs) {
      purse.tokens -= 1
      return 0
    }
    if (nowMs < purse.emptyUntilMs) return Math.ceil(purse.emptyUntilMs - nowMs)
    if (purse.waiting === null) {
      purse.waiting = []
      void this.#fill(account, purse)
    }
    purse.waiting.push(wake)
    return null
  }

  #purseOf(account: string, perSecond: number): Purse {
    const known = this.#purses.get(account)
    if (known?.perSecond === perSecond) return known
    const never = Number.NEGATIVE_INFINITY
    const purse: Purse = {
      perSecond,
      tokens: 0,
      goodUntilMs: never,
      emptyUntilMs: never,
      waiting: null,
    }
    this.#purses.set(account, purse)
    return purse
  }

  /** Whoever asked at a rate that has changed meanwhile is woken too, and asks again. */
  async #fill(account: string, purse: Purse): Promise<void> {
    const wanted = Math.max(1, Math.ceil(purse.perSecond / PARTS_OF_A_SECOND))
    const { granted, waitMs } = await this.#borrow(account, purse.perSecond, wanted)
    purse.tokens = granted
    if (granted > 0) purse.goodUntilMs = this.#nowMs() + GOOD_FOR_MS
    else purse.emptyUntilMs = this.#nowMs() + Math.max(1, waitMs)
    const waiting = purse.waiting ?? []
    purse.waiting = null
    for (const wake of waiting) wake()
  }
}

/** Nobody waits for it, and neither has it tokens nor is it known that there are none. */
function isSpent({ waiting, goodUntilMs, emptyUntilMs }: Purse, nowMs: number): boolean {
  return waiting === null && goodUntilMs <= nowMs && emptyUntilMs <= nowMs
}
