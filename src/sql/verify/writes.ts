import { proveCopyIn } from './copy-in.js'
import { proveCreated } from './held.js'
import type { Names } from './names.js'
import { accessIn, columnsOf, isPinOf, type ProofContext, tenantNames } from './relations.js'
import { assigned, isExpanding, isOwnValue, type Place, targetRow, valuesRow } from './rows.js'
import { firstConjunct, isCurrentOf, isStamp, isTree, list, node, pinOf, type Tree } from './shapes.js'
import { isTenantStar } from './tenant-star.js'
import { isTenantValue, unproven } from './tenant-value.js'
import { proveTied } from './tied-writes.js'

type Prove = (struct: Tree, context: ProofContext) => void

/** How each kind of statement with a target is proven to write one tenant's rows. */
const PROOFS: Readonly<Record<string, Prove>> = {
  CopyStmt: proveCopyIn,
  CreateStmt: proveCreated,
  InsertStmt: proveInsert,
  UpdateStmt: proveChange,
  DeleteStmt: proveChange,
  MergeStmt: proveMerge,
}

/** The kinds of nodes that write rows, whose target has to be proven. */
export const WRITES: readonly string[] = Object.keys(PROOFS)

/** Proves that a statement writes one tenant's rows only; `scope` are the WITH queries that its values can name. */
export function proveWrite(
  kind: string,
  struct: Tree,
  at: { readonly context: ProofContext; readonly scope: Names | null },
): void {
  const access = accessIn(at.context, isTree(struct.relation) ? struct.relation : {})
  // what goes into the session's own tables is nobody else's to see
  if (access?.kind === 'temporary' && kind !== 'CreateStmt') return
  if (access?.kind === 'via' && kind !== 'CopyStmt') proveTied(kind, struct, at)
  else PROOFS[kind]?.(struct, at.context)
}

function targetOf(struct: Tree, context: ProofContext): { readonly relation: Tree; readonly column: string } {
  const relation = isTree(struct.relation) ? struct.relation : {}
  const access = accessIn(context, relation)
  if (access?.kind !== 'tenant') throw unproven(relation)
  return { relation, column: access.column }
}

/** UPDATE and DELETE: the pin comes first, and no assignment makes a row another tenant's. */
function proveChange(struct: Tree, context: ProofContext): void {
  const target = targetOf(struct, context)
  if (!isCurrentOf(struct.whereClause)) provePin(target, struct.whereClause, context)
  proveAssignments(struct, target, { targets: struct.targetList, context })
}

/** INSERT: every row carries the tenant, and ON CONFLICT changes the tenant's own rows only. */
function proveInsert(struct: Tree, context: ProofContext): void {
  const target = targetOf(struct, context)
  const index = tenantIndex(struct.cols, target, context)
  const isLast = index === list(struct.cols).length - 1
  proveRows(node(struct.selectStmt, 'SelectStmt'), { ...target, index, isLast }, context)
  const conflict = struct.onConflictClause
  if (!isTree(conflict) || conflict.action === 'ONCONFLICT_NOTHING') return
  provePin(target, conflict.whereClause, context)
  proveAssignments(struct, target, { targets: conflict.targetList, context })
}

/** MERGE: rows of others match nothing, and what acts on rows without a match starts with the pin. */
function proveMerge(struct: Tree, context: ProofContext): void {
  const target = targetOf(struct, context)
  provePin(target, struct.joinCondition, context)
  for (const item of list(struct.mergeWhenClauses)) {
    const clause = node(item, 'MergeWhenClause')
    if (clause === null) throw unproven(target.relation)
    if (clause.matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE') provePin(target, clause.condition, context)
    if (clause.commandType === 'CMD_UPDATE')
      proveAssignments(struct, target, { targets: clause.targetList, context })
    else if (clause.commandType === 'CMD_INSERT') {
      const index = tenantIndex(clause.targetList, target, context)
      const values = list(clause.values)
      proveValue(values.some(isExpanding) ? undefined : values[index], target.relation, context)
    }
  }
}

interface Target {
  readonly relation: Tree
  readonly column: string
}

function provePin({ relation, column }: Target, where: unknown, context: ProofContext): void {
  const pin = pinOf(firstConjunct(where).first, context.sentinel)
  if (pin === null || !isPinOf(pin, relation, { column, context })) throw unproven(relation)
}

function proveAssignments(
  struct: Tree,
  { relation, column }: Target,
  { targets, context }: { readonly targets: unknown; readonly context: ProofContext },
): void {
  const protectedNames = tenantNames(relation, column, context)
  for (const item of list(targets)) {
    const target = node(item, 'ResTarget')
    if (target === null || !protectedNames.has(target.name)) continue
    const isSame = isOwnValue(target, relation, struct.onConflictClause !== undefined)
    const isProven = isSame || isTenantValue(assigned(target.val), context)
    if (target.indirection !== undefined || !isProven) throw unproven(relation)
  }
}

function tenantIndex(columns: unknown, { relation, column }: Target, context: ProofContext): number {
  const listed =
    columns === undefined
      ? columnsOf(relation, context)
      : list(columns).map((item) => node(item, 'ResTarget')?.name)
  const protectedNames = tenantNames(relation, column, context)
  if (listed.some((name) => name !== column && protectedNames.has(name))) throw unproven(relation)
  const index = listed.indexOf(column)
  const target = node(list(columns)[index], 'ResTarget')
  if (index < 0 || listed.lastIndexOf(column) !== index || target?.indirection !== undefined)
    throw unproven(relation)
  return index
}

function proveRows(select: Tree | null, place: Place & Target, context: ProofContext): void {
  if (select === null) throw unproven(place.relation)
  if (select.op !== 'SETOP_NONE') {
    for (const arm of [select.larg, select.rarg]) proveRows(isTree(arm) ? arm : null, place, context)
    return
  }
  if (isTenantStar(select, place, context)) return
  const rows =
    select.valuesLists === undefined
      ? [targetRow(select.targetList, place)]
      : list(select.valuesLists).map(valuesRow)
  for (const { values, index = place.index } of rows) proveValue(values[index], place.relation, context)
}

function proveValue(value: unknown, relation: Tree, context: ProofContext): void {
  if (!isStamp(value, context.sentinel) && !isTenantValue(value, context)) throw unproven(relation)
}
