/** Somebody who may do something as long as they hold it, or waits until they may. */
export interface Permit {
  readonly key: string
  readonly limit: number
  granted(): void
}

interface Line {
  held: Set<Permit>
  waiting: Permit[]
}

/** Permits that so many may hold at a time, by key; who comes when all are out waits, first come first served. */
export class Permits {
  readonly #lines = new Map<string, Line>()

  /** `granted` is called, at once where there is room. Units: a limit of 0 is none. */
  ask(permit: Permit): void {
    const line = this.#lines.get(permit.key) ?? { held: new Set(), waiting: [] }
    this.#lines.set(permit.key, line)
    line.waiting.push(permit)
    this.#serve(permit.key, line)
  }

  /** Gives one back, or stops waiting for it. */
  giveBack(permit: Permit): void {
    const line = this.#lines.get(permit.key)
    if (line === undefined) return
    if (!line.held.delete(permit)) line.waiting = line.waiting.filter((waiting) => waiting !== permit)
    this.#serve(permit.key, line)
  }

  heldOf(key: string): number {
    return this.#lines.get(key)?.held.size ?? 0
  }

  #serve(key: string, line: Line): void {
    for (let [next] = line.waiting; next !== undefined; [next] = line.waiting) {
      // the limit as the one knows it who came last; an older one may not be in force any more
      const limit = line.waiting.at(-1)?.limit ?? 0
      if (limit > 0 && line.held.size >= limit) return
      line.waiting.shift()
      line.held.add(next)
      next.granted()
    }
    if (line.held.size === 0) this.#lines.delete(key)
  }
}
