/** How many there are of something, by key. */
export class Occupancy {
  readonly #counts = new Map<string, number>()

  of(key: string): number {
    return this.#counts.get(key) ?? 0
  }

  keys(): readonly string[] {
    return [...this.#counts.keys()]
  }

  /** Takes one more in, unless `limit` are there already. Units: 0 is no limit. */
  enter(key: string, limit: number): boolean {
    const count = this.of(key)
    if (limit > 0 && count >= limit) return false
    this.#counts.set(key, count + 1)
    return true
  }

  leave(key: string): void {
    const left = this.of(key) - 1
    if (left > 0) this.#counts.set(key, left)
    else this.#counts.delete(key)
  }
}
