/** Takes turns between owners: one who has many entries waits for his own, and keeps nobody else waiting. */
export class FairQueue<T> {
  /** Whose turn it is comes first. */
  readonly #byOwner = new Map<string, T[]>()

  countOf(owner: string): number {
    return this.#byOwner.get(owner)?.length ?? 0
  }

  push(owner: string, entry: T): void {
    const entries = this.#byOwner.get(owner)
    if (entries === undefined) this.#byOwner.set(owner, [entry])
    else entries.push(entry)
  }

  /** The oldest entry of the owner whose turn it is. */
  shift(): T | undefined {
    const [turn] = this.#byOwner
    if (turn === undefined) return undefined
    const [owner, entries] = turn
    const entry = entries.shift()
    this.#byOwner.delete(owner)
    if (entries.length > 0) this.#byOwner.set(owner, entries)
    return entry
  }

  delete(owner: string, entry: T): void {
    const entries = this.#byOwner.get(owner)?.filter((each) => each !== entry) ?? []
    if (entries.length > 0) this.#byOwner.set(owner, entries)
    else this.#byOwner.delete(owner)
  }
}
