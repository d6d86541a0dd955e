import type { ProofContext } from './relations.js'
import { firstConjunct, pinOf, type Tree } from './shapes.js'

/** A statement or action whose condition is the client's again; `field` is where it stands. */
export function withoutPin(struct: Tree, context: ProofContext, field = 'whereClause'): Tree {
  const { first, rest } = firstConjunct(struct[field])
  if (pinOf(first, context.sentinel) === null && !context.ours.has(first)) return struct
  const { [field]: _pinned, ...others } = struct
  return rest === undefined ? others : { ...others, [field]: rest }
}
