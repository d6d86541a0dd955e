import { Cell, type Current } from '../core/current.js'
import { type CatalogQuery, introspect } from './introspect.js'
import type { Snapshot } from './snapshot.js'
import type { ViewRules } from './view/rules.js'

export interface SnapshotSourceOptions {
  /** Lends one connection for the length of one introspection. */
  readonly connection: <T>(use: (query: CatalogQuery) => Promise<T>) => Promise<T>
  /** Asked anew each time, so that a changed policy counts from the next refresh on. */
  readonly viewRules: () => (schema: Snapshot) => ViewRules
}

/**
 * The schema as it was last read; a refresh that finds the same schema keeps the old snapshot and its generation.
 *
 * Temporary tables, vacuum and the like would otherwise throw away every plan.
 */
export class SnapshotSource implements Current<Snapshot> {
  readonly #options: SnapshotSourceOptions
  readonly #cell: Cell<Snapshot>
  #text: string

  private constructor(options: SnapshotSourceOptions, first: Snapshot) {
    this.#options = options
    this.#cell = new Cell(first)
    this.#text = describe(first)
  }

  static async open(options: SnapshotSourceOptions): Promise<SnapshotSource> {
    return new SnapshotSource(options, await read(options, 0))
  }

  get value(): Snapshot {
    return this.#cell.value
  }

  subscribe(listener: (value: Snapshot) => void): () => void {
    return this.#cell.subscribe(listener)
  }

  /** Must not run twice at a time: the later answer could be the older schema. */
  async refresh(): Promise<void> {
    const next = await read(this.#options, this.value.generation)
    const text = describe(next)
    if (text === this.#text) return
    this.#text = text
    this.#cell.replace(next)
  }
}

function read(
  { connection, viewRules }: SnapshotSourceOptions,
  previousGeneration: number,
): Promise<Snapshot> {
  return connection((query) => introspect(query, { previousGeneration, viewRules: viewRules() }))
}

/** Everything but the generation. */
function describe(snapshot: Snapshot): string {
  return JSON.stringify({ ...snapshot, generation: 0 }, (_, value: unknown) =>
    value instanceof Map || value instanceof Set ? [...value] : value,
  )
}
