import type { SharedCounts } from '../../src/limits/shared-counts.js'

/** What a store does, for machines in one process: each has its part of every key. */
export class SharedTable {
  readonly #parts = new Map<string, Map<string, number>>()
  /** Nobody reaches it. */
  isAway = false

  machine(name: string): SharedCounts {
    return {
      claim: async (key, own, limit) => {
        if (this.isAway) return true
        const parts = this.#partsOf(key)
        const taken = [...parts].reduce((sum, [other, part]) => sum + (other === name ? 0 : part), 0)
        const isGranted = taken + own <= limit
        parts.set(name, isGranted ? own : (parts.get(name) ?? 0))
        return isGranted
      },
      lower: (key, own) => {
        if (own === 0) this.#partsOf(key).delete(name)
        else this.#partsOf(key).set(name, own)
      },
      others: (key) => [...this.#partsOf(key).keys()].filter((other) => other !== name).length,
    }
  }

  part(key: string, name: string): number {
    return this.#partsOf(key).get(name) ?? 0
  }

  #partsOf(key: string): Map<string, number> {
    const parts = this.#parts.get(key) ?? new Map<string, number>()
    this.#parts.set(key, parts)
    return parts
  }
}
