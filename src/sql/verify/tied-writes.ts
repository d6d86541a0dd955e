import { relationKey } from '../../schema/relation.js'
import type { Names } from './names.js'
import { accessIn, type ProofContext } from './relations.js'
import { isExpanding, isOwnValue, targetRow, valuesRow } from './rows.js'
import { fields, firstConjunct, has, isCurrentOf, isTree, list, names, node, type Tree } from './shapes.js'
import { unproven } from './tenant-value.js'
import { type TieProof, tieProof } from './tie.js'
import { isVia, type Via } from './via.js'

/** A statement that writes a child's rows, and what its proof goes by. */
interface Write {
  readonly struct: Tree
  readonly relation: Tree
  readonly access: Via
  readonly prove: TieProof
  readonly context: ProofContext
}

interface At {
  readonly context: ProofContext
  /** The WITH queries that the statement's values can name. */
  readonly scope: Names | null
}

/**
 * Proves a write to a relation that is tied to its tenant by a parent: the rows it changes have a parent of the tenant's, and so have
 * the rows it makes.
 */
export function proveTied(kind: string, struct: Tree, at: At): void {
  const relation = isTree(struct.relation) ? struct.relation : {}
  const access = accessIn(at.context, relation)
  if (access?.kind !== 'via') throw unproven(relation)
  const tied: Write = { struct, relation, access, prove: tieProof(relation, access, at), context: at.context }
  if (kind === 'InsertStmt') proveInsert(tied, hidesNames(struct.selectStmt) ? { ...at, scope: null } : at)
  else if (kind === 'UpdateStmt' || kind === 'DeleteStmt') proveChange(tied)
  else if (kind === 'MergeStmt') proveMerge(tied)
  else throw unproven(relation)
}

function proveChange(tied: Write): void {
  if (!isCurrentOf(tied.struct.whereClause)) proveCondition(tied, tied.struct.whereClause)
  if (tied.struct.targetList !== undefined) proveAssignments(tied, tied.struct.targetList)
}

function proveInsert(tied: Write, at: At): void {
  const { struct, relation, access } = tied
  const columns = list(struct.cols).map((item) => node(item, 'ResTarget') ?? {})
  const listed = columns.map((column) => column.name)
  const index = listed.indexOf(access.column)
  const isPart = columns[index]?.indirection !== undefined
  if (index < 0 || listed.lastIndexOf(access.column) !== index || isPart) throw unproven(relation)
  demandPlainColumn(tied)
  const rows: Write = { ...tied, prove: tieProof(relation, access, at) }
  proveRows(rows, node(struct.selectStmt, 'SelectStmt'), index)
  const conflict = struct.onConflictClause
  if (!isTree(conflict) || conflict.action === 'ONCONFLICT_NOTHING') return
  proveCondition(tied, conflict.whereClause)
  proveAssignments(tied, conflict.targetList)
}

/** A WITH inside an INSERT's query could hide the names of those before it. */
function hidesNames(select: unknown): boolean {
  const struct = node(select, 'SelectStmt') ?? {}
  const arms = [struct.larg, struct.rarg].filter(isTree)
  return struct.withClause !== undefined || arms.some((arm) => hidesNames({ SelectStmt: arm }))
}

function proveMerge(tied: Write): void {
  proveCondition(tied, tied.struct.joinCondition)
  for (const item of list(tied.struct.mergeWhenClauses)) {
    const clause = node(item, 'MergeWhenClause')
    if (clause === null) throw unproven(tied.relation)
    if (clause.matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE') proveCondition(tied, clause.condition)
    if (clause.commandType === 'CMD_UPDATE') proveAssignments(tied, clause.targetList)
    else if (clause.commandType === 'CMD_INSERT') proveAction(tied, clause)
  }
}

function proveAction(tied: Write, clause: Tree): void {
  const listed = list(clause.targetList).map((item) => node(item, 'ResTarget') ?? {})
  const isKey = (column: Tree): boolean => column.name === tied.access.column
  const index = listed.findIndex(isKey)
  const values = list(clause.values)
  const isOnce = listed.findLastIndex(isKey) === index
  if (!isOnce || listed[index]?.indirection !== undefined || values.some(isExpanding))
    throw unproven(tied.relation)
  demandPlainColumn(tied)
  proveValue(tied, values[index])
}

/** The condition that confines a target is the first conjunct, and the gateway's own. */
function proveCondition({ relation, access, context }: Write, where: unknown): void {
  const { first } = firstConjunct(where)
  if (!isVia(relation, first, { access, context })) throw unproven(relation)
  context.ours.set(first, undefined)
}

function proveRows(tied: Write, select: Tree | null, index: number): void {
  if (select === null) throw unproven(tied.relation)
  if (select.op !== 'SETOP_NONE') {
    for (const arm of [select.larg, select.rarg]) proveRows(tied, isTree(arm) ? arm : null, index)
    return
  }
  if (select.valuesLists !== undefined) {
    proveValues(tied, select, index)
    return
  }
  const before = list(select.targetList).slice(0, index + 1)
  if (before.some((item) => isExpanding(node(item, 'ResTarget')?.val))) throw unproven(tied.relation)
  proveValue(tied, targetRow(before, { index, isLast: false }).values[index])
}

function proveValue({ prove, relation, context }: Write, value: unknown): void {
  const tie = prove(value)
  if (tie === null || tie.others.length > 0) throw unproven(relation)
  context.ours.set(value, tie.inner)
}

/** What is sorted or cut off might be the row that others rely on. */
function proveValues(tied: Write, select: Tree, index: number): void {
  const keys = list(select.valuesLists).map((row) => valuesRow(row).values[index])
  if (has(select, ['valuesLists', 'withClause', 'limitOption', 'op'])) proveKeys(tied, keys)
  else for (const key of keys) proveValue(tied, key)
}

/** The keys of the rows of VALUES: one may ask for others too, in their order, which are constants or parameters. */
function proveKeys({ prove, relation, context }: Write, keys: readonly unknown[]): void {
  const asked: unknown[] = []
  const plain: unknown[] = []
  for (const key of keys) {
    const tie = isSteady(key) ? null : prove(key)
    if (tie === null) plain.push(key)
    else {
      context.ours.set(key, tie.inner)
      asked.push(...tie.others)
    }
  }
  const areAsked =
    asked.length === plain.length && plain.every((key, at) => isSteady(key) && isSame(key, asked[at]))
  if (!areAsked) throw unproven(relation)
}

const STEADY_TYPES = new Set(['int2', 'int4', 'int8', 'numeric', 'text', 'uuid', 'varchar'])

/** Whether a value is the same each time it is written: a constant or parameter, and casts of it that are known to be. */
function isSteady(value: unknown): boolean {
  const cast = node(value, 'TypeCast')
  if (cast === null) return node(value, 'A_Const') !== null || node(value, 'ParamRef') !== null
  const type = isTree(cast.typeName) ? cast.typeName : {}
  return (
    type.arrayBounds === undefined && STEADY_TYPES.has(names(type.names)?.at(-1) ?? '') && isSteady(cast.arg)
  )
}

/** Whether two trees are the same but for their places. */
function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => isSame(item, b[i]))
  if (!isTree(a) || !isTree(b)) return a === b
  return fields(a).length === fields(b).length && fields(a).every((field) => isSame(a[field], b[field]))
}

/** What is assigned to the key is a key of the tenant's, the column itself, or that of the row which was to be inserted. */
function proveAssignments(tied: Write, targets: unknown): void {
  const { struct, relation, access } = tied
  const items = list(targets).map((item) => node(item, 'ResTarget') ?? {})
  if (columnOf(tied)?.generated !== false) throw unproven(relation)
  items.forEach((target, index) => {
    if (target.name !== access.column) return
    if (target.indirection !== undefined) throw unproven(relation)
    if (isOwnValue(target, relation, struct.onConflictClause !== undefined)) return
    demandPlainColumn(tied)
    for (const value of copiesOf(items, index)) proveValue(tied, value)
  })
}

/** The value of an assignment; one of `SET (a, b) = (x, y)` stands in the tree once for each column. */
function copiesOf(items: readonly Tree[], index: number): readonly unknown[] {
  const shared = node(items[index]?.val, 'MultiAssignRef')
  if (shared === null) return [items[index]?.val]
  const place = Number(shared.colno) - 1
  const group = items.slice(index - place, index - place + Number(shared.ncolumns))
  return group.map((item) => {
    const values = list(node(node(item.val, 'MultiAssignRef')?.source, 'RowExpr')?.args)
    return values.some(isExpanding) ? undefined : values[place]
  })
}

function columnOf({ relation, access, context }: Write) {
  const key = relationKey(String(relation.schemaname), String(relation.relname))
  return context.snapshot.relations.get(key)?.columns.find(({ name }) => name === access.column)
}

/** What was compared with the parents' keys is what is stored. */
function demandPlainColumn(tied: Write): void {
  const { relation, access, context } = tied
  const column = columnOf(tied)
  const key = relationKey(String(relation.schemaname), String(relation.relname))
  const parent = relationKey(access.references.schema, access.references.name)
  const isExact = context.snapshot.relations
    .get(key)
    ?.foreignKeys.some(
      ({ columns, references, referencedColumns, exact }) =>
        columns.join() === access.column &&
        references === parent &&
        referencedColumns.join() === access.references.column &&
        exact,
    )
  if (column === undefined || column.generated || column.identity !== null || isExact !== true)
    throw unproven(relation)
}
