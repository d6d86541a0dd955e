import type { Relation } from './relation.js'
import { relationKey } from './relation.js'
import type { Snapshot } from './snapshot.js'

const PARENTS = new WeakMap<Snapshot, ReadonlySet<string>>()

/**
 * Whether tables inherit from this one, whose rows are then read with its own and bound by none of its keys.
 *
 * Partitions are not meant: they have the keys of their whole.
 */
export function hasHeirs(relation: Relation, snapshot: Snapshot): boolean {
  return relation.kind === 'table' && parentsOf(snapshot).has(relationKey(relation.schema, relation.name))
}

function parentsOf(snapshot: Snapshot): ReadonlySet<string> {
  const known = PARENTS.get(snapshot)
  if (known !== undefined) return known
  const parents = new Set([...snapshot.relations.values()].flatMap((relation) => relation.parents))
  PARENTS.set(snapshot, parents)
  return parents
}
