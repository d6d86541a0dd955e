import { isMadeTemporary, proveHeld } from './held.js'
import { idleCallOf } from './idle-call.js'
import { proveNamespaces } from './namespaces.js'
import { accessIn, isPinOf, type ProofContext } from './relations.js'
import {
  fenceOf,
  firstConjunct,
  guardOf,
  isFalse,
  isTree,
  list,
  names,
  node,
  pinOf,
  stringConstant,
  type Tree,
} from './shapes.js'
import { unproven } from './tenant-value.js'
import { WRITES } from './writes.js'

/** Names of WITH queries in force, from inside out. */
interface Names {
  readonly name: string
  readonly outer: Names | null
}

/**
 * Proves that a tree reads and writes one tenant's rows only.
 *
 * It looks at every object of the tree, whatever its place: each relation is qualified and declared, or a WITH query in
 * scope; each tenant relation is the left arm of an exact guard, inside an exact fence, or a target with its pin.
 *
 * Throws   ISOLATION_UNPROVEN
 */
export function proveIsolated(tree: unknown, context: ProofContext): void {
  new Proof(context).visit(tree, null)
}

class Proof {
  readonly #context: ProofContext
  /** Statements whose target is proven; a target of any other kind of statement isn't. */
  readonly #writes = new Set<Tree>()
  /** Calls that never run. */
  readonly #idle = new Set<Tree>()

  constructor(context: ProofContext) {
    this.#context = context
  }

  visit(value: unknown, scope: Names | null): void {
    if (Array.isArray(value)) {
      for (const item of value) this.visit(item, scope)
      return
    }
    if (!isTree(value) || this.#visitOurs(value, scope)) return
    if (typeof value.relname === 'string') {
      this.#bare(value, scope)
      return
    }
    if (this.#context.readOnly && isChange(value)) throw unproven({ relname: 'the statement' })
    for (const kind in WRITES) this.#write(kind, value[kind])
    if (isTree(value.LockStmt)) {
      this.#lock(value.LockStmt)
      return
    }
    if (isTree(value.TableLikeClause)) {
      this.#named(value.TableLikeClause.relation)
      return
    }
    this.#noteIdle(value.SelectStmt)
    if (isTree(value.CreateExtensionStmt)) this.#extension(value.CreateExtensionStmt)
    this.#refuseServerPath(value)
    proveHeld(value)
    proveNamespaces(value, this.#context.sentinel)
    this.#fields(value, scope)
  }

  /** The search path is the gateway's own: the server's decides what functions and operators mean. */
  #refuseServerPath(value: Tree): void {
    const set = value.VariableSetStmt
    const call = value.FuncCall
    const isSet = isTree(set) && String(set.name).toLowerCase() === 'search_path'
    const isCall = isTree(call) && names(call.funcname)?.at(-1) === 'set_config'
    const setting = isCall ? stringConstant(list(call.args)[0]) : null
    const isUnknown = isCall && setting === null && !this.#idle.has(call)
    if (isSet || isUnknown || setting?.toLowerCase() === 'search_path')
      throw unproven({ relname: 'the statement' })
  }

  /** A setting that each row of a SELECT names is set never where a guard lets no row through. */
  #noteIdle(select: unknown): void {
    const call = idleCallOf(select)
    if (call !== null) this.#idle.add(call)
  }

  #fields(value: Tree, outer: Names | null): void {
    const scope = this.#with(value.withClause, outer)
    const isWrite =
      value.relation !== undefined && isTree(value.relation) && value.relation.relname !== undefined
    for (const field in value) {
      if (field === 'withClause' || field === 'lockedRels' || (field === 'relation' && isWrite)) continue
      if (field === 'rel' && isMadeTemporary(value[field])) continue
      this.visit(value[field], scope)
    }
    if (isWrite && !this.#writes.has(value)) throw unproven(value.relation as Tree)
  }

  /** A lock reads nothing; one that only DDL waits for holds up no other tenant. */
  #lock(struct: Tree): void {
    for (const item of list(struct.relations)) this.#named(node(item, 'RangeVar'))
    if (Number(struct.mode) > 2) throw unproven({ relname: 'the statement' })
  }

  /** Its definition is used, and no row of it is read. */
  #named(value: unknown): void {
    const relation = isTree(value) ? value : {}
    const access = accessIn(this.#context, relation)
    if (access === undefined || access.kind === 'denied') throw unproven(relation)
  }

  /** One that exists already, so that nothing comes of it. */
  #extension(struct: Tree): void {
    const options = list(struct.options).map((item) => node(item, 'DefElem')?.defname)
    const isKnown = this.#context.snapshot.extensions.has(String(struct.extname))
    if (!isKnown || struct.if_not_exists !== true || options.some((name) => name !== 'schema'))
      throw unproven({ relname: 'the statement' })
  }

  #write(kind: string, struct: unknown): void {
    if (!isTree(struct)) return
    WRITES[kind]?.(struct, this.#context)
    this.#writes.add(struct)
  }

  /** A guard or fence of ours, whole. */
  #visitOurs(value: Tree, scope: Names | null): boolean {
    const guard = guardOf(value)
    if (guard !== null) {
      const sample = node(guard.relation, 'RangeTableSample')
      const relation = node(sample?.relation ?? guard.relation, 'RangeVar')
      if (relation === null || !this.#isGuarded(relation, guard.condition)) return false
      for (const field of ['args', 'repeatable', 'method']) this.visit(sample?.[field], scope)
      return true
    }
    const fence = fenceOf(value)
    return (
      fence !== null && fence.relation.alias === undefined && this.#isGuarded(fence.relation, fence.condition)
    )
  }

  /** Whether a condition confines a relation as its access demands. */
  #isGuarded(relation: Tree, condition: unknown): boolean {
    const access = accessIn(this.#context, relation)
    if (access?.kind === 'tenant') {
      const pin = pinOf(condition, this.#context.sentinel)
      return pin !== null && isPinOf(pin, relation, { column: access.column, context: this.#context })
    }
    if (access?.kind === 'empty') return isFalse(condition)
    return access?.kind === 'via' && this.#isVia(relation, condition, access)
  }

  /** `EXISTS (SELECT FROM parent AS p WHERE p.key = relation.column AND <pin of p>)`. */
  #isVia(relation: Tree, condition: unknown, access: Via): boolean {
    const sublink = node(condition, 'SubLink')
    const query = sublink?.subLinkType === 'EXISTS_SUBLINK' ? node(sublink.subselect, 'SelectStmt') : null
    const parent = node(list(query?.fromClause)[0], 'RangeVar')
    const { first, rest } = firstConjunct(query?.whereClause)
    if (
      query === null ||
      parent === null ||
      list(query.fromClause).length !== 1 ||
      query.targetList !== undefined
    )
      return false
    if (parent.schemaname !== access.references.schema || parent.relname !== access.references.name)
      return false
    const parentAccess = accessIn(this.#context, parent)
    const pin = pinOf(rest, this.#context.sentinel)
    const alias = isTree(parent.alias) ? parent.alias.aliasname : null
    const childName = isTree(relation.alias) ? relation.alias.aliasname : relation.relname
    if (alias === childName) return false
    if (
      parentAccess?.kind !== 'tenant' ||
      pin === null ||
      !isPinOf(pin, parent, { column: parentAccess.column, context: this.#context })
    )
      return false
    return this.#isTie(first, [String(alias), access.references.column], { relation, column: access.column })
  }

  #isTie(
    tie: unknown,
    key: readonly string[],
    child: { readonly relation: Tree; readonly column: string },
  ): boolean {
    const expression = node(tie, 'A_Expr')
    const left = names(node(expression?.lexpr, 'ColumnRef')?.fields)
    const right = names(node(expression?.rexpr, 'ColumnRef')?.fields)
    if (names(expression?.name)?.join('.') !== 'pg_catalog.=' || expression?.kind !== 'AEXPR_OP') return false
    if (left?.join('\0') !== key.join('\0') || right?.length !== 2) return false
    return isPinOf({ qualifier: right[0] ?? '', column: right[1] ?? '' }, child.relation, {
      column: child.column,
      context: this.#context,
    })
  }

  /** A relation that nothing confines: shared, descriptive, the session's own, or a WITH query. */
  #bare(relation: Tree, scope: Names | null): void {
    if (relation.schemaname === undefined) {
      for (let at = scope; at !== null; at = at.outer) if (at.name === relation.relname) return
      throw unproven(relation)
    }
    if (!UNCONFINED.has(accessIn(this.#context, relation)?.kind ?? '')) throw unproven(relation)
  }

  /** A WITH query sees itself and what comes later only if the clause is RECURSIVE. */
  #with(clause: unknown, outer: Names | null): Names | null {
    if (!isTree(clause)) return outer
    const queries = list(clause.ctes).map((item) => node(item, 'CommonTableExpr') ?? {})
    const isRecursive = clause.recursive === true
    let scope = outer
    if (isRecursive) for (const query of queries) scope = { name: String(query.ctename), outer: scope }
    for (const query of queries) {
      this.visit(query, scope)
      if (!isRecursive) scope = { name: String(query.ctename), outer: scope }
    }
    return scope
  }
}

const UNCONFINED: ReadonlySet<string> = new Set(['shared', 'metadata', 'temporary'])
const CHANGES = ['LockingClause', 'CreateTableAsStmt', 'DropStmt', 'intoClause', ...Object.keys(WRITES)]

/** Whether a node writes rows, makes or drops a table, or locks rows; COPY also reads. */
function isChange(value: Tree): boolean {
  if (isTree(value.CopyStmt)) return value.CopyStmt.is_from === true
  return CHANGES.some((kind) => isTree(value[kind]))
}

interface Via {
  readonly column: string
  readonly references: { readonly schema: string; readonly name: string; readonly column: string }
}
