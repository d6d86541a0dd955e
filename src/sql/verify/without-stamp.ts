import { accessIn, columnsOf, type ProofContext } from './relations.js'
import { isStamp, isTree, list, node, type Tree } from './shapes.js'
import { withoutPin } from './without-pin.js'

/** The columns that are written out for a tied row without a list of its own. */
export function withoutLists(original: Tree, scoped: Tree, context: ProofContext): Tree {
  const clauses = list(scoped.mergeWhenClauses).map((item, index) => {
    const clause = node(item, 'MergeWhenClause')
    const before = node(list(original.mergeWhenClauses)[index], 'MergeWhenClause')
    const isTied = list(clause?.values).some((value) => context.ours.has(value))
    if (clause === null || !isTied || before?.targetList !== undefined) return item
    const { targetList, ...rest } = clause
    return isWrittenOut(targetList, scoped.relation, context) ? { MergeWhenClause: rest } : item
  })
  return { ...scoped, mergeWhenClauses: clauses }
}

/** An action of MERGE: its condition without the pin, its new row without the stamp. */
export function withoutAction(original: Tree, scoped: Tree, context: ProofContext): Tree {
  const clause = withoutPin(scoped, context, 'condition')
  if (clause.commandType !== 'CMD_INSERT') return clause
  const values = list(clause.values)
  const before = list(original.values)
  if (values.length === before.length)
    return before.length === 0 ? clause : { ...clause, values: restoredList(before, values, context) }
  if (original.values === undefined) {
    const { values: _values, targetList: _columns, ...rest } = clause
    return values.length === 1 && unstamped(values, context).length === 0 ? rest : clause
  }
  const { targetList, ...rest }: Tree = { ...clause, values: unstamped(values, context) }
  return original.targetList === undefined ? rest : { ...rest, targetList: list(targetList).slice(0, -1) }
}

/** An INSERT with the columns and values that the client gave. */
export function withoutStamp(original: Tree, scoped: Tree, context: ProofContext): Tree {
  const conflict = isTree(scoped.onConflictClause)
    ? { onConflictClause: withoutPin(scoped.onConflictClause, context) }
    : {}
  const struct: Tree = { ...scoped, ...conflict }
  if (original.selectStmt === undefined) return withoutDefaultRow(struct, context)
  const before = list(original.cols).length
  const after = list(scoped.cols).length
  const select = node(scoped.selectStmt, 'SelectStmt') ?? {}
  if (original.cols === undefined ? after === 0 : before === after) {
    const position = restored(node(original.selectStmt, 'SelectStmt') ?? {}, select, context)
    return { ...struct, selectStmt: { SelectStmt: position } }
  }
  if (original.cols === undefined && !isWrittenOut(scoped.cols, scoped.relation, context)) return struct
  const { cols, ...rest } = struct
  const listless: Tree = { ...rest, selectStmt: { SelectStmt: withoutLast(select, context) } }
  return original.cols === undefined ? listless : { ...listless, cols: list(cols).slice(0, -1) }
}

/** DEFAULT VALUES became one row of the tenant column alone. */
function withoutDefaultRow(struct: Tree, context: ProofContext): Tree {
  const { cols, selectStmt, ...rest } = struct
  const rows = list(node(selectStmt, 'SelectStmt')?.valuesLists)
  const isOurs =
    list(cols).length === 1 &&
    rows.length === 1 &&
    isStamp(list(node(rows[0], 'List')?.items)[0], context.sentinel)
  return isOurs ? rest : struct
}

/** Each row without its last value, which has to be a stamp. */
function withoutLast(select: Tree, context: ProofContext): Tree {
  if (isTree(select.larg) && isTree(select.rarg)) {
    return { ...select, larg: withoutLast(select.larg, context), rarg: withoutLast(select.rarg, context) }
  }
  if (select.valuesLists === undefined)
    return { ...select, targetList: unstamped(list(select.targetList), context) }
  const rows = list(select.valuesLists).map((row) => ({
    List: { items: unstamped(list(node(row, 'List')?.items), context) },
  }))
  return { ...select, valuesLists: rows }
}

function unstamped(values: readonly unknown[], context: ProofContext): readonly unknown[] {
  const last = values.at(-1)
  const value = node(last, 'ResTarget')?.val ?? last
  return isStamp(value, context.sentinel) ? values.slice(0, -1) : values
}

/** Where a stamp took the place of DEFAULT or of a tenant column: the original's value again. */
function restored(original: Tree, scoped: Tree, context: ProofContext): Tree {
  const arms: Record<string, unknown> = {}
  for (const field of ['larg', 'rarg']) {
    const [before, after] = [original[field], scoped[field]]
    if (isTree(before) && isTree(after)) arms[field] = restored(before, after, context)
  }
  for (const field of ['targetList', 'valuesLists']) {
    if (scoped[field] !== undefined)
      arms[field] = restoredList(list(original[field]), list(scoped[field]), context)
  }
  return { ...scoped, ...arms }
}

function restoredList(
  original: readonly unknown[],
  scoped: readonly unknown[],
  context: ProofContext,
): readonly unknown[] {
  return scoped.map((item, index) => {
    const row = node(item, 'List')
    const before = original[index]
    if (row !== null)
      return {
        List: { items: restoredList(list(node(before, 'List')?.items), list(row.items), context) },
      }
    const target = node(item, 'ResTarget')
    const value = target?.val ?? item
    const was = node(before, 'ResTarget')?.val ?? before
    const isReplaceable = node(was, 'SetToDefault') !== null || node(was, 'ColumnRef') !== null
    if (!isReplaceable || !isStamp(value, context.sentinel)) return item
    if (target === null) return was
    const { name, ...unnamed } = target
    const isNamed = node(before, 'ResTarget')?.name !== undefined
    return { ResTarget: { ...unnamed, ...(isNamed ? { name } : {}), val: was } }
  })
}

/** Whether a list of columns is what a missing one stands for: the first of the relation's, and maybe the tenant's. */
function isWrittenOut(columns: unknown, relation: unknown, context: ProofContext): boolean {
  const target = isTree(relation) ? relation : {}
  const access = accessIn(context, target)
  const listed = list(columns).map((item) => node(item, 'ResTarget')?.name)
  const isStamped = access?.kind === 'tenant' && listed.at(-1) === access.column
  const own = isStamped ? listed.slice(0, -1) : listed
  return own.join('\0') === columnsOf(target, context).slice(0, own.length).join('\0')
}
