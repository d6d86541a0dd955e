import { GRAMMAR } from './grammar.generated.js'

export type NodeKind = keyof typeof GRAMMAR

/** What a field of a node holds: a tagged node, a list of them, an untagged struct of one kind, or no node at all. */
export type FieldType = 'node' | 'nodes' | 'scalar' | `@${NodeKind}`

/** The same as `GRAMMAR`, for looking up by names that come from a tree. */
export const FIELDS: ReadonlyMap<string, ReadonlyMap<string, FieldType>> = new Map(
  Object.entries(GRAMMAR).map(([kind, fields]) => [
    kind,
    new Map(Object.entries(fields) as [string, FieldType][]),
  ]),
)
