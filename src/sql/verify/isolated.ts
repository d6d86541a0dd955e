import { isMadeTemporary, proveHeld } from './held.js'
import { idleCallOf } from './idle-call.js'
import { type Names, namesBehind, queryOf, withQueries } from './names.js'
import { proveNamespaces } from './namespaces.js'
import { accessIn, isPinOf, type ProofContext } from './relations.js'
import {
  fenceOf,
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
import { isVia } from './via.js'
import { proveWrite, WRITES } from './writes.js'

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
    for (const kind of WRITES) this.#write(kind, value[kind], scope)
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

  #write(kind: string, struct: unknown, outer: Names | null): void {
    if (!isTree(struct)) return
    proveWrite(kind, struct, { context: this.#context, scope: namesBehind(struct.withClause, outer) })
    this.#writes.add(struct)
  }

  /** A guard, fence or tie of ours, whole, but for what is the client's inside. */
  #visitOurs(value: Tree, scope: Names | null): boolean {
    if (this.#context.ours.has(value)) {
      this.visit(this.#context.ours.get(value), scope)
      return true
    }
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
    return access?.kind === 'via' && isVia(relation, condition, { access, context: this.#context })
  }

  /** A relation that nothing confines: shared, descriptive, the session's own, or a WITH query. */
  #bare(relation: Tree, scope: Names | null): void {
    if (relation.schemaname === undefined) {
      if (queryOf(relation.relname, scope) === null) throw unproven(relation)
      return
    }
    if (!UNCONFINED.has(accessIn(this.#context, relation)?.kind ?? '')) throw unproven(relation)
  }

  /** A WITH query sees itself and what comes later only if the clause is RECURSIVE. */
  #with(clause: unknown, outer: Names | null): Names | null {
    if (!isTree(clause)) return outer
    const isRecursive = clause.recursive === true
    let scope = isRecursive ? namesBehind(clause, outer) : outer
    for (const query of withQueries(clause)) {
      this.visit(query, scope)
      if (!isRecursive) scope = { name: String(query.ctename), query, outer: scope }
    }
    return scope
  }
}

const UNCONFINED: ReadonlySet<string> = new Set(['shared', 'metadata', 'temporary'])
const CHANGES = ['LockingClause', 'CreateTableAsStmt', 'DropStmt', 'intoClause', ...WRITES]

/** Whether a node writes rows, makes or drops a table, or locks rows; COPY also reads. */
function isChange(value: Tree): boolean {
  if (isTree(value.CopyStmt)) return value.CopyStmt.is_from === true
  return CHANGES.some((kind) => isTree(value[kind]))
}
