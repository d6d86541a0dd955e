import { withoutListedTenant } from './copy-in.js'
import { withoutChannel, withoutNamespace } from './namespaces.js'
import type { ProofContext } from './relations.js'
import { isSequenceStandIn } from './sequence.js'
import {
  fenceOf,
  fields,
  firstConjunct,
  guardOf,
  isStamp,
  isTree,
  list,
  names,
  node,
  pinOf,
  stringConstant,
  type Tree,
} from './shapes.js'
import { emptiedColumns, withoutLockStandIns } from './stand-ins.js'
import { unproven } from './tenant-value.js'

/** A setting of the server's that stands for the gateway's own search path. */
const SHADOW = 'tenantgate.search_path'

/**
 * Proves that a scoped tree says what the original says: without guards, pins, stamps and qualifications it is the same tree.
 *
 * Throws   ISOLATION_UNPROVEN
 */
export function proveFaithful(original: unknown, scoped: unknown, context: ProofContext): void {
  if (isShadowed(original, scoped) || new Comparison(context).isSame(original, scoped)) return
  throw unproven({ relname: 'the statement' })
}

class Comparison {
  readonly #context: ProofContext

  constructor(context: ProofContext) {
    this.#context = context
  }

  isSame(original: unknown, scoped: unknown): boolean {
    if (Array.isArray(original) && Array.isArray(scoped)) {
      return (
        original.length === scoped.length && original.every((item, index) => this.isSame(item, scoped[index]))
      )
    }
    if (!isTree(original) || !isTree(scoped)) return original === scoped
    return this.#isSameObject(original, this.#withoutWall(original, scoped))
  }

  #isSameObject(original: Tree, scoped: Tree): boolean {
    if (isShadowedCall(original, scoped)) return true
    const stripped = this.#withoutOurs(original, scoped)
    const kept = fields(stripped)
    return (
      kept.length === fields(original).length &&
      kept.every((field) => this.isSame(original[field], stripped[field]))
    )
  }

  /** The relation inside a guard or fence, where the original has just the relation. */
  #withoutWall(original: Tree, scoped: Tree): Tree {
    if (original.RangeVar === undefined && original.RangeTableSample === undefined) return scoped
    if (isSequenceStandIn(original, scoped, this.#context)) return original
    const guard = guardOf(scoped)
    if (guard !== null && isTree(guard.relation)) return guard.relation
    const fence = fenceOf(scoped)
    if (fence === null) return scoped
    const hadAlias = isTree(original.RangeVar) && original.RangeVar.alias !== undefined
    return { RangeVar: hadAlias ? { ...fence.relation, alias: fence.alias } : fence.relation }
  }

  #withoutOurs(original: Tree, scoped: Tree): Tree {
    const isQualified = list(scoped.fields).length === 2 && list(original.fields).length === 1
    if (isQualified && isSystemColumn(original)) return { ...scoped, fields: list(scoped.fields).slice(1) }
    if (isTree(scoped.DropStmt)) return { DropStmt: withoutOwnSchema(original.DropStmt, scoped.DropStmt) }
    if (typeof scoped.relname === 'string' && original.schemaname === undefined) {
      const { schemaname: _schema, ...rest } = scoped
      return rest
    }
    const [kind = ''] = Object.keys(scoped)
    const before = node(original, kind)
    const after = node(scoped, kind)
    const strip = this.#strips[kind]
    return strip === undefined || before === null || after === null
      ? scoped
      : { [kind]: strip(before, after) }
  }

  /** What takes our own additions out of a statement, by its kind. */
  readonly #strips: Readonly<Record<string, (original: Tree, scoped: Tree) => Tree>> = {
    CopyStmt: (original, scoped) => {
      if (original.is_from === true) return withoutListedTenant(original, scoped, this.#context)
      return original.relation === undefined ? scoped : withoutQuery(original, scoped, this.#context)
    },
    DeleteStmt: (_original, scoped) => this.#withoutPin(scoped),
    FuncCall: (_original, scoped) => withoutNamespace(scoped, this.#context.sentinel) ?? scoped,
    InsertStmt: (original, scoped) => this.#withoutStamp(original, scoped),
    ListenStmt: (original, scoped) => withoutChannel(original, scoped, this.#context.sentinel),
    LockStmt: (original, scoped) => withoutLockStandIns(original, scoped, this.#context),
    MergeStmt: (_original, scoped) => this.#withoutPin(scoped, 'joinCondition'),
    MergeWhenClause: (original, scoped) => this.#withoutAction(original, scoped),
    NotifyStmt: (original, scoped) => withoutChannel(original, scoped, this.#context.sentinel),
    UnlistenStmt: (original, scoped) => withoutChannel(original, scoped, this.#context.sentinel),
    UpdateStmt: (_original, scoped) => this.#withoutPin(scoped),
  }

  #withoutPin(struct: Tree, field = 'whereClause'): Tree {
    const { first, rest } = firstConjunct(struct[field])
    if (pinOf(first, this.#context.sentinel) === null) return struct
    const { [field]: _pinned, ...others } = struct
    return rest === undefined ? others : { ...others, [field]: rest }
  }

  /** An action of MERGE: its condition without the pin, its new row without the stamp. */
  #withoutAction(original: Tree, scoped: Tree): Tree {
    const clause = this.#withoutPin(scoped, 'condition')
    if (clause.commandType !== 'CMD_INSERT') return clause
    const values = list(clause.values)
    const before = list(original.values)
    if (values.length === before.length)
      return before.length === 0 ? clause : { ...clause, values: this.#restoredList(before, values) }
    if (original.values === undefined) {
      const { values: _values, targetList: _columns, ...rest } = clause
      return values.length === 1 && this.#unstamped(values).length === 0 ? rest : clause
    }
    const { targetList, ...rest }: Tree = { ...clause, values: this.#unstamped(values) }
    return original.targetList === undefined ? rest : { ...rest, targetList: list(targetList).slice(0, -1) }
  }

  #withoutStamp(original: Tree, scoped: Tree): Tree {
    const conflict = isTree(scoped.onConflictClause)
      ? { onConflictClause: this.#withoutPin(scoped.onConflictClause) }
      : {}
    const struct: Tree = { ...scoped, ...conflict }
    if (original.selectStmt === undefined) return this.#withoutDefaultRow(struct)
    const before = list(original.cols).length
    const after = list(scoped.cols).length
    const select = node(scoped.selectStmt, 'SelectStmt') ?? {}
    if (original.cols === undefined ? after === 0 : before === after) {
      const position = this.#restored(node(original.selectStmt, 'SelectStmt') ?? {}, select)
      return { ...struct, selectStmt: { SelectStmt: position } }
    }
    const { cols, ...rest } = struct
    const unstamped: Tree = { ...rest, selectStmt: { SelectStmt: this.#withoutLast(select) } }
    return original.cols === undefined ? unstamped : { ...unstamped, cols: list(cols).slice(0, -1) }
  }

  /** DEFAULT VALUES became one row of the tenant column alone. */
  #withoutDefaultRow(struct: Tree): Tree {
    const { cols, selectStmt, ...rest } = struct
    const rows = list(node(selectStmt, 'SelectStmt')?.valuesLists)
    const isOurs =
      list(cols).length === 1 &&
      rows.length === 1 &&
      isStamp(list(node(rows[0], 'List')?.items)[0], this.#context.sentinel)
    return isOurs ? rest : struct
  }

  /** Each row without its last value, which has to be a stamp. */
  #withoutLast(select: Tree): Tree {
    if (isTree(select.larg) && isTree(select.rarg)) {
      return { ...select, larg: this.#withoutLast(select.larg), rarg: this.#withoutLast(select.rarg) }
    }
    if (select.valuesLists === undefined)
      return { ...select, targetList: this.#unstamped(list(select.targetList)) }
    const rows = list(select.valuesLists).map((row) => ({
      List: { items: this.#unstamped(list(node(row, 'List')?.items)) },
    }))
    return { ...select, valuesLists: rows }
  }

  #unstamped(values: readonly unknown[]): readonly unknown[] {
    const last = values.at(-1)
    const value = node(last, 'ResTarget')?.val ?? last
    return isStamp(value, this.#context.sentinel) ? values.slice(0, -1) : values
  }

  /** Where a stamp took the place of DEFAULT or of a tenant column: the original's value again. */
  #restored(original: Tree, scoped: Tree): Tree {
    const arms: Record<string, unknown> = {}
    for (const field of ['larg', 'rarg']) {
      const [before, after] = [original[field], scoped[field]]
      if (isTree(before) && isTree(after)) arms[field] = this.#restored(before, after)
    }
    for (const field of ['targetList', 'valuesLists']) {
      if (scoped[field] !== undefined)
        arms[field] = this.#restoredList(list(original[field]), list(scoped[field]))
    }
    return { ...scoped, ...arms }
  }

  #restoredList(original: readonly unknown[], scoped: readonly unknown[]): readonly unknown[] {
    return scoped.map((item, index) => {
      const row = node(item, 'List')
      const before = original[index]
      if (row !== null)
        return {
          List: { items: this.#restoredList(list(node(before, 'List')?.items), list(row.items)) },
        }
      const target = node(item, 'ResTarget')
      const value = target?.val ?? item
      const was = node(before, 'ResTarget')?.val ?? before
      const isReplaceable = node(was, 'SetToDefault') !== null || node(was, 'ColumnRef') !== null
      if (!isReplaceable || !isStamp(value, this.#context.sentinel)) return item
      if (target === null) return was
      const { name, ...unnamed } = target
      const isNamed = node(before, 'ResTarget')?.name !== undefined
      return { ResTarget: { ...unnamed, ...(isNamed ? { name } : {}), val: was } }
    })
  }
}

const SYSTEM_COLUMNS = new Set(['cmax', 'cmin', 'ctid', 'tableoid', 'xmax', 'xmin'])

function isSystemColumn(reference: Tree): boolean {
  return SYSTEM_COLUMNS.has(names(reference.fields)?.[0] ?? '')
}

/**
 * COPY of a relation became COPY of a query: its columns in order, of the relation alone, under a guard or none.
 * Without a column list the columns are the snapshot's, which the original doesn't spell out.
 */
function withoutQuery(original: Tree, scoped: Tree, context: ProofContext): Tree {
  const { query, ...rest } = scoped
  const select = node(query, 'SelectStmt') ?? {}
  const emptied = emptiedColumns(original, select, context)
  if (emptied !== null) return { ...rest, ...listed(original, emptied), relation: original.relation }
  const [item, ...others] = list(select.fromClause)
  const relation = node(guardOf(item)?.relation ?? item, 'RangeVar')
  const columns = list(select.targetList).map(
    (target) => names(node(node(target, 'ResTarget')?.val, 'ColumnRef')?.fields)?.[0],
  )
  if (relation === null || others.length > 0 || fields(select).length !== 4 || columns.includes(undefined))
    return scoped
  const { schemaname, ...bare } = relation
  const named =
    isTree(original.relation) && original.relation.schemaname !== undefined ? { ...bare, schemaname } : bare
  return { ...rest, ...listed(original, columns), relation: { ...named, inh: true } }
}

function listed(original: Tree, columns: readonly (string | undefined)[]): Tree {
  return original.attlist === undefined ? {} : { attlist: columns.map((sval) => ({ String: { sval } })) }
}

/** Each name as the original has it: with the schema or without. */
function withoutOwnSchema(original: unknown, scoped: Tree): Tree {
  const before = list(isTree(original) ? original.objects : [])
  const objects = list(scoped.objects).map((object, index) => {
    const items = list(node(object, 'List')?.items)
    return { List: { items: items.slice(-list(node(before[index], 'List')?.items).length) } }
  })
  return { ...scoped, objects }
}

/** SET and SHOW of the search path, which the gateway keeps, and DEALLOCATE of what the server has by another name. */
function isShadowed(original: unknown, scoped: unknown): boolean {
  const set = node(original, 'VariableSetStmt')
  const shadow = node(scoped, 'VariableSetStmt')
  if (shadow !== null && node(original, 'DeallocateStmt') !== null)
    return (
      shadow.name === SHADOW && shadow.is_local === undefined && stringConstant(list(shadow.args)[0]) === ''
    )
  if (set !== null && shadow !== null && isSearchPath(set.name)) {
    const [value, ...others] = list(shadow.args)
    return (
      shadow.name === SHADOW &&
      others.length === 0 &&
      stringConstant(value) === '' &&
      set.is_local === shadow.is_local
    )
  }
  const show = node(original, 'VariableShowStmt')
  const select = node(scoped, 'SelectStmt')
  if (show === null || select === null || !isSearchPath(show.name)) return false
  const [target, ...more] = list(select.targetList)
  return (
    more.length === 0 &&
    fields(select).length === 3 &&
    stringConstant(node(target, 'ResTarget')?.val) !== null
  )
}

function isSearchPath(name: unknown): boolean {
  return typeof name === 'string' && name.toLowerCase() === 'search_path'
}

/** set_config('search_path', …): only the constant differs. */
function isShadowedCall(original: Tree, scoped: Tree): boolean {
  return isSearchPath(stringConstant(original)) && stringConstant(scoped) === SHADOW
}
