/**
 * Which relation instances of a view show only rows of which other's tenant.
 *
 * An edge a → b says: wherever a row of a takes part in a row of the view, b's tenant is not null and equal to a's.
 * Edges are directed because the ON of an outer join binds its nullable side only, and a subquery's WHERE the subquery only.
 */
export class TenancyGraph {
  readonly #edges: Set<number>[] = []
  readonly #nullable = new Set<number>()

  /** How many instances carry a tenant. */
  get size(): number {
    return this.#edges.length
  }

  add(): number {
    return this.#edges.push(new Set()) - 1
  }

  bind(from: number, to: number): void {
    this.#edges[from]?.add(to)
  }

  /** The instance may be NULL-extended, so its tenant column doesn't say whose the row is. */
  extend(instances: Iterable<number>): void {
    for (const instance of instances) this.#nullable.add(instance)
  }

  isNullable(instance: number): boolean {
    return this.#nullable.has(instance)
  }

  reaches(from: number, accept: (instance: number) => boolean): boolean {
    const seen = new Set([from])
    for (const instance of seen) {
      if (accept(instance)) return true
      for (const next of this.#edges[instance] ?? []) seen.add(next)
    }
    return false
  }

  /** Whether every instance of the view shows rows of the root's tenant only. */
  confinedTo(root: number): boolean {
    return this.#edges.every((_, instance) => this.reaches(instance, (reached) => reached === root))
  }
}
