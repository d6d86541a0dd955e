const FIRST_SWEEP = 1_024

/** A map that drops entries which say no more than none would, whenever it has doubled in size. */
export class SweptMap<V> {
  readonly #entries = new Map<string, V>()
  readonly #isSpent: (value: V) => boolean
  #sweepAt = FIRST_SWEEP

  /** `isSpent`: whether an entry that is made anew would be the same. */
  constructor(isSpent: (value: V) => boolean) {
    this.#isSpent = isSpent
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)
  }

  set(key: string, value: V): void {
    if (this.#entries.size >= this.#sweepAt) this.#sweep()
    this.#entries.set(key, value)
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  #sweep(): void {
    for (const [key, value] of this.#entries) if (this.#isSpent(value)) this.#entries.delete(key)
    this.#sweepAt = Math.max(FIRST_SWEEP, 2 * this.#entries.size)
  }
}
