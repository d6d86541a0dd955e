import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose'
import type { Clock } from '../../core/clock.js'
import { readKeySet } from './key-set.js'

export interface RotatingKeysOptions {
  /** Reads the issuer's key set anew; within a time of its own. */
  readonly read: () => Promise<string>
  readonly clock: Clock
  /** Time from one reading's begin to the next one's, ms: tokens with made-up key names must not become requests. */
  readonly cooldownMs: number
  /** When keys that nobody misses are read again all the same, ms: one that was withdrawn has to go. 0: each time. */
  readonly maxAgeMs: number
  /** Told of each reading that failed; the keys that were there stay. */
  readonly onProblem: (problem: unknown) => void
}

/**
 * The issuer's public keys, read anew when a token names one that isn't there, or when they are old.
 *
 * Everybody who asks while a reading is under way waits for that one.
 */
export class RotatingKeys {
  readonly #options: RotatingKeysOptions
  #text: string | null = null
  #keys: JWTVerifyGetKey | null = null
  #reading: Promise<void> | null = null
  #startedMs = Number.NEGATIVE_INFINITY
  #readMs = Number.NEGATIVE_INFINITY

  constructor(options: RotatingKeysOptions) {
    this.#options = options
  }

  /** Throws JWKSNoMatchingKey where there is none, which counts as a token that is wrong. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (this.#isOld()) await this.refresh()
    const asked = this.#keys
    try {
      return await this.#current()(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      await this.refresh()
      if (this.#keys === asked) throw error
      return this.#current()(header, token)
    }
  }

  /** Reads the keys, unless that was tried a moment ago. Never rejects. */
  async refresh(): Promise<void> {
    const { clock, cooldownMs } = this.#options
    if (this.#reading === null) {
      if (clock.monotonicMs() - this.#startedMs < cooldownMs) return
      this.#startedMs = clock.monotonicMs()
      this.#reading = this.#tryToRead().finally(() => {
        this.#reading = null
      })
    }
    await this.#reading
  }

  /** Reads the keys. Rejects where that fails; then the old ones stay. */
  async load(): Promise<void> {
    const text = await this.#options.read()
    if (text !== this.#text) this.#keys = createLocalJWKSet(readKeySet(text))
    this.#text = text
    this.#readMs = this.#options.clock.monotonicMs()
  }

  async #tryToRead(): Promise<void> {
    try {
      await this.load()
    } catch (problem) {
      this.#options.onProblem(problem)
    }
  }

  #current(): JWTVerifyGetKey {
    if (this.#keys === null) throw new errors.JWKSNoMatchingKey()
    return this.#keys
  }

  #isOld(): boolean {
    return this.#options.clock.monotonicMs() - this.#readMs >= this.#options.maxAgeMs
  }
}
