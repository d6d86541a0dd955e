/** A seeded source of choices: the same seed gives the same statements on every machine. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A whole number from 0 up to, not including, `limit`. Source: the mulberry32 generator's public formula. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** True in about `percent` of a hundred cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  /** Some of the items, at least one, in their order. */
  some<T>(items: readonly T[], percent = 50): readonly T[] {
    const chosen = items.filter(() => this.chance(percent))
    return chosen.length === 0 ? [this.pick(items)] : chosen
  }

  shuffled<T>(items: readonly T[]): readonly T[] {
    const left = [...items]
    return items.flatMap(() => left.splice(this.below(left.length), 1))
  }
}
