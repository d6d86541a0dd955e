import { isTree, list, names, node, type Tree } from './shapes.js'
import { unproven } from './tenant-value.js'

/** What only the server connection of one session has: whatever is in it, no other session's connection had it. */
export const OWN_SCHEMA = 'pg_temp'

/** The gateway's own prepared statements, of every tenant, have such names. */
const RESERVED = /^_?tg_/
const NAMED = ['PrepareStmt', 'ExecuteStmt', 'DeallocateStmt']
const FOREIGN_PARTS = [
  'inhRelations',
  'partbound',
  'partspec',
  'ofTypename',
  'options',
  'tablespacename',
  'tableSpaceName',
  'accessMethod',
  'viewQuery',
]

/** Whether a relation is a temporary table that a statement makes: only CREATE and INTO say so in the tree. */
export function isMadeTemporary(relation: unknown): boolean {
  if (!isTree(relation) || relation.relpersistence !== 't' || relation.catalogname !== undefined) return false
  return relation.schemaname === undefined || relation.schemaname === OWN_SCHEMA
}

/** CREATE TABLE makes a temporary table that has no part in any other. */
export function proveCreated(struct: Tree): void {
  const relation = isTree(struct.relation) ? struct.relation : {}
  if (!isMadeTemporary(relation) || FOREIGN_PARTS.some((field) => struct[field] !== undefined))
    throw unproven(relation)
}

/**
 * What a statement makes, drops or names on its own connection is its session's.
 *
 * Throws   ISOLATION_UNPROVEN
 */
export function proveHeld(value: Tree): void {
  for (const kind of NAMED) {
    const struct = value[kind]
    if (isTree(struct) && RESERVED.test(String(struct.name ?? ''))) throw unproven({ relname: struct.name })
  }
  if (isTree(value.DropStmt)) proveDropped(value.DropStmt)
  const into = isTree(value.intoClause) ? value.intoClause : value.into
  if (
    isTree(into) &&
    (!isMadeTemporary(into.rel) || FOREIGN_PARTS.some((field) => into[field] !== undefined))
  )
    throw unproven(isTree(into.rel) ? into.rel : {})
}

function proveDropped(struct: Tree): void {
  const isOwn = list(struct.objects).every((object) => {
    const path = names(node(object, 'List')?.items)
    return path?.length === 2 && path[0] === OWN_SCHEMA
  })
  if (struct.removeType !== 'OBJECT_TABLE' || !isOwn) throw unproven({ relname: 'the statement' })
}
