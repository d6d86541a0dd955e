import { invariant } from '../core/invariant.js'
import type { Policy } from '../policy/policy.js'
import type { Relation } from '../schema/relation.js'
import type { Snapshot } from '../schema/snapshot.js'

/** What a compilation depends on beside text and session, cut so that no part of it is long in the making. */
export type SchemaMessage =
  | { readonly kind: 'schema'; readonly snapshot: Omit<Snapshot, 'relations'>; readonly policy: Policy }
  | { readonly kind: 'relations'; readonly relations: readonly (readonly [string, Relation])[] }

/** As many as are copied in about a millisecond. */
const COLUMNS_PER_MESSAGE = 2_000

/** Copying the schema of a large database at once would hold up whoever copies it. */
export function* packSchema(snapshot: Snapshot, policy: Policy): Generator<SchemaMessage> {
  const { relations, ...rest } = snapshot
  yield { kind: 'schema', snapshot: rest, policy }
  let part: (readonly [string, Relation])[] = []
  let columns = 0
  for (const entry of relations) {
    part.push(entry)
    columns += entry[1].columns.length
    if (columns < COLUMNS_PER_MESSAGE) continue
    yield { kind: 'relations', relations: part }
    part = []
    columns = 0
  }
  if (part.length > 0) yield { kind: 'relations', relations: part }
}

/** Puts a schema together on the other side. */
export class SchemaAssembly {
  #snapshot: Snapshot | null = null
  #policy: Policy | null = null
  #relations = new Map<string, Relation>()

  take(message: SchemaMessage): void {
    if (message.kind === 'relations') {
      for (const [key, relation] of message.relations) this.#relations.set(key, relation)
      return
    }
    this.#relations = new Map()
    this.#snapshot = { ...message.snapshot, relations: this.#relations }
    this.#policy = message.policy
  }

  get value(): { readonly snapshot: Snapshot; readonly policy: Policy } {
    const [snapshot, policy] = [this.#snapshot, this.#policy]
    invariant(snapshot !== null && policy !== null, 'the schema comes before the first text')
    return { snapshot, policy }
  }
}
