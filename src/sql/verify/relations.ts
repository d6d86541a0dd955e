import { accessOf } from '../../policy/decide.js'
import type { Policy } from '../../policy/policy.js'
import { relationKey } from '../../schema/relation.js'
import type { Snapshot } from '../../schema/snapshot.js'
import type { CopyIn, TenantCheck } from '../compiled.js'
import { OWN_SCHEMA } from './held.js'
import { isTree, names, type Pin, type Sentinel, type Tree } from './shapes.js'

/** What the proof may rely on; nothing of the other stages is among it. */
export interface ProofContext {
  readonly snapshot: Snapshot
  readonly policy: Policy
  readonly sentinel: Sentinel
  /** Whether the login may only read. */
  readonly readOnly: boolean
  /** Values that will be compared with the tenant before the statement runs. */
  readonly checks: readonly TenantCheck[]
  /**
   * What of the tree was proven to be the gateway's own while its writes were: conditions, with nothing of the client's inside, and
   * values, with the client's.
   */
  readonly ours: Map<unknown, unknown>
  /** What the rows of this statement will go through, where it is a COPY from the client. */
  readonly copyIn?: CopyIn | undefined
}

/** What a qualified relation is; undefined for one that isn't qualified, or is by a database too. */
export function accessIn(context: ProofContext, relation: Tree): ReturnType<typeof accessOf> {
  const { schemaname, relname, catalogname } = relation
  if (typeof schemaname !== 'string' || typeof relname !== 'string' || catalogname !== undefined)
    return undefined
  if (schemaname === OWN_SCHEMA) return { kind: 'temporary' }
  return accessOf({ schema: schemaname, name: relname }, context.snapshot, context.policy)
}

/** The columns of a relation in order. */
export function columnsOf(relation: Tree, context: ProofContext): readonly string[] {
  const key = relationKey(String(relation.schemaname), String(relation.relname))
  return context.snapshot.relations.get(key)?.columns.map((column) => column.name) ?? []
}

/** Every name under which a relation shows its tenant: a view may show it twice. */
export function tenantNames(relation: Tree, column: string, context: ProofContext): ReadonlySet<unknown> {
  const key = relationKey(String(relation.schemaname), String(relation.relname))
  return new Set([column, ...(context.snapshot.relations.get(key)?.view?.columns.keys() ?? [])])
}

/** Whether a pin is one of this relation, by the name it has here, on this column of it, by the name that has here. */
export function isPinOf(
  pin: Pin,
  relation: Tree,
  about: { readonly column: string; readonly context: ProofContext },
): boolean {
  const alias = isTree(relation.alias) ? relation.alias : null
  if (pin.qualifier !== (alias?.aliasname ?? relation.relname)) return false
  const index = columnsOf(relation, about.context).indexOf(about.column)
  const shown = alias === null ? [] : (names(alias.colnames) ?? [])
  return index >= 0 && pin.column === (shown[index] ?? about.column)
}
