/** Somebody who may do something as long as they hold it, or waits until they may. */
export interface Permit {
  readonly key: string
  readonly limit: number
  granted(): void
}

/** Where permits are to be had. */
export interface PermitSource {
  /** `granted` is called, at once where there is room. Units: a limit of 0 is none. */
  ask(permit: Permit): void
  /** Gives one back, or stops waiting for it. */
  giveBack(permit: Permit): void
}

/** How many permits may be held here, where others give them too. */
export interface Stock {
  /** Whether one more than `held` may be; where not, `again` is called when there may be. */
  admits(key: string, held: number, limit: number, again: () => void): boolean
  /** So many are held now, which is one less than before. */
  returned(key: string, held: number): void
}

interface Line {
  held: Set<Permit>
  waiting: Permit[]
}

/** Permits that so many may hold at a time, by key; who comes when all are out waits, first come first served. */
export class Permits implements PermitSource {
  readonly #lines = new Map<string, Line>()
  readonly #stock: Stock | null

  constructor(stock: Stock | null = null) {
    this.#stock = stock
  }

  ask(permit: Permit): void {
    const line = this.#lines.get(permit.key) ?? { held: new Set(), waiting: [] }
    this.#lines.set(permit.key, line)
    line.waiting.push(permit)
    this.#serve(permit.key, line)
  }

  giveBack(permit: Permit): void {
    const line = this.#lines.get(permit.key)
    if (line === undefined) return
    if (line.held.delete(permit)) this.#stock?.returned(permit.key, line.held.size)
    else line.waiting = line.waiting.filter((waiting) => waiting !== permit)
    this.#serve(permit.key, line)
  }

  heldOf(key: string): number {
    return this.#lines.get(key)?.held.size ?? 0
  }

  #serve(key: string, line: Line): void {
    for (let [next] = line.waiting; next !== undefined; [next] = line.waiting) {
      // the limit as the one knows it who came last; an older one may not be in force any more
      const limit = line.waiting.at(-1)?.limit ?? 0
      if (!this.#hasRoom(key, line, limit)) return
      line.waiting.shift()
      line.held.add(next)
      next.granted()
    }
    if (line.held.size === 0) this.#lines.delete(key)
  }

  #hasRoom(key: string, { held }: Line, limit: number): boolean {
    if (limit === 0) return true
    if (held.size >= limit) return false
    return this.#stock?.admits(key, held.size, limit, () => this.#serveAgain(key)) ?? true
  }

  #serveAgain(key: string): void {
    const line = this.#lines.get(key)
    if (line !== undefined) this.#serve(key, line)
  }
}
