import { withoutListedTenant } from './copy-in.js'
import { withoutChannel, withoutNamespace } from './namespaces.js'
import type { ProofContext } from './relations.js'
import { isSequenceStandIn } from './sequence.js'
import { isShadowed, isShadowedCall } from './shadowed.js'
import { fenceOf, fields, guardOf, isTree, list, names, node, type Tree } from './shapes.js'
import { emptiedColumns, withoutLockStandIns } from './stand-ins.js'
import { unproven } from './tenant-value.js'
import { withoutPin } from './without-pin.js'
import { withoutAction, withoutLists, withoutStamp } from './without-stamp.js'

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
    const tied = this.#context.ours.get(scoped)
    if (tied !== undefined) return this.isSame(original, tied)
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
    DeleteStmt: (_original, scoped) => withoutPin(scoped, this.#context),
    FuncCall: (_original, scoped) => withoutNamespace(scoped, this.#context.sentinel) ?? scoped,
    InsertStmt: (original, scoped) => withoutStamp(original, scoped, this.#context),
    ListenStmt: (original, scoped) => withoutChannel(original, scoped, this.#context.sentinel),
    LockStmt: (original, scoped) => withoutLockStandIns(original, scoped, this.#context),
    MergeStmt: (original, scoped) =>
      withoutLists(original, withoutPin(scoped, this.#context, 'joinCondition'), this.#context),
    MergeWhenClause: (original, scoped) => withoutAction(original, scoped, this.#context),
    NotifyStmt: (original, scoped) => withoutChannel(original, scoped, this.#context.sentinel),
    ResTarget: (original, scoped) => this.#withoutName(original, scoped),
    UnlistenStmt: (original, scoped) => withoutChannel(original, scoped, this.#context.sentinel),
    UpdateStmt: (_original, scoped) => withoutPin(scoped, this.#context),
  }

  /** A column keeps the name that it showed, when a tie takes its place. */
  #withoutName(original: Tree, scoped: Tree): Tree {
    const { name, ...unnamed } = scoped
    const shown = names(node(original.val, 'ColumnRef')?.fields)?.at(-1)
    const isOurs = original.name === undefined && this.#context.ours.has(scoped.val) && name === shown
    return isOurs ? unnamed : scoped
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
