import { Occupancy } from './occupancy.js'
import type { SharedCounts } from './shared-counts.js'

/** Connections by key, counted with those of other machines where there are any. */
export class SharedOccupancy {
  readonly #own = new Occupancy()
  readonly #shared: SharedCounts | null

  constructor(shared: SharedCounts | null = null) {
    this.#shared = shared
  }

  /** Of this machine. */
  of(key: string): number {
    return this.#own.of(key)
  }

  /** As `Quotas.enter`. */
  async enter(key: string, limit: number): Promise<boolean> {
    if (!this.#own.enter(key, limit)) return false
    if (this.#shared === null || limit === 0) return true
    if (await this.#shared.claim(sharedKey(key), this.of(key), limit)) return true
    this.leave(key)
    return false
  }

  leave(key: string): void {
    this.#own.leave(key)
    this.#shared?.lower(sharedKey(key), this.of(key))
  }
}

function sharedKey(key: string): string {
  return `connections:${key}`
}
