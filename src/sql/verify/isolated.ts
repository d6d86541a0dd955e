import { accessOf } from '../../policy/decide.js'
import type { Policy } from '../../policy/policy.js'
import { relationKey } from '../../schema/relation.js'
import type { Snapshot } from '../../schema/snapshot.js'
import type { TenantCheck } from '../compiled.js'
import { assigned, type Place, targetRow, valuesRow } from './rows.js'
import {
  fenceOf,
  firstConjunct,
  guardOf,
  isStamp,
  isTree,
  list,
  names,
  node,
  type Pin,
  pinOf,
  type Sentinel,
  type Tree,
} from './shapes.js'
import { isTenantValue, unproven } from './tenant-value.js'

/** What the proof may rely on; nothing of the other stages is among it. */
export interface ProofContext {
  readonly snapshot: Snapshot
  readonly policy: Policy
  readonly sentinel: Sentinel
  /** Values that will be compared with the tenant before the statement runs. */
  readonly checks: readonly TenantCheck[]
}

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
    const insert = value.InsertStmt
    if (isTree(insert)) this.#insert(insert)
    for (const kind of ['UpdateStmt', 'DeleteStmt']) {
      const struct = value[kind]
      if (isTree(struct)) this.#changed(struct)
    }
    this.#fields(value, scope)
  }

  #fields(value: Tree, outer: Names | null): void {
    const scope = this.#with(value.withClause, outer)
    const isWrite =
      value.relation !== undefined && isTree(value.relation) && value.relation.relname !== undefined
    for (const field in value) {
      if (field === 'withClause' || field === 'lockedRels' || (field === 'relation' && isWrite)) continue
      this.visit(value[field], scope)
    }
    if (isWrite) this.#target(value.relation as Tree)
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
    const access = this.#access(relation)
    if (access?.kind === 'tenant') {
      const pin = pinOf(condition, this.#context.sentinel)
      return pin !== null && this.#isPinOf(pin, relation, access.column)
    }
    if (access?.kind === 'empty') return isFalse(condition)
    return access?.kind === 'via' && this.#isVia(relation, condition, access)
  }

  #isPinOf(pin: Pin, relation: Tree, column: string): boolean {
    const alias = isTree(relation.alias) ? relation.alias : null
    if (pin.qualifier !== (alias?.aliasname ?? relation.relname)) return false
    const columns = this.#context.snapshot.relations.get(keyOf(relation))?.columns ?? []
    const index = columns.findIndex((candidate) => candidate.name === column)
    const shown = alias === null ? [] : (names(alias.colnames) ?? [])
    return index >= 0 && pin.column === (shown[index] ?? column)
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
    const parentAccess = this.#access(parent)
    const pin = pinOf(rest, this.#context.sentinel)
    const alias = isTree(parent.alias) ? parent.alias.aliasname : null
    if (parentAccess?.kind !== 'tenant' || pin === null || !this.#isPinOf(pin, parent, parentAccess.column))
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
    return this.#isPinOf({ qualifier: right[0] ?? '', column: right[1] ?? '' }, child.relation, child.column)
  }

  /** A relation that nothing confines: shared, descriptive, or a WITH query. */
  #bare(relation: Tree, scope: Names | null): void {
    if (relation.schemaname === undefined) {
      for (let at = scope; at !== null; at = at.outer) if (at.name === relation.relname) return
      throw unproven(relation)
    }
    const access = this.#access(relation)?.kind
    if (access !== 'shared' && access !== 'metadata') throw unproven(relation)
  }

  #target(relation: Tree): void {
    if (relation.schemaname === undefined || this.#access(relation)?.kind !== 'tenant')
      throw unproven(relation)
  }

  #access(relation: Tree): ReturnType<typeof accessOf> {
    const { schemaname, relname, catalogname } = relation
    if (typeof schemaname !== 'string' || typeof relname !== 'string' || catalogname !== undefined)
      return undefined
    return accessOf({ schema: schemaname, name: relname }, this.#context.snapshot, this.#context.policy)
  }

  /** UPDATE and DELETE: the pin comes first, and no assignment makes a row another tenant's. */
  #changed(struct: Tree): void {
    const relation = isTree(struct.relation) ? struct.relation : {}
    const column = this.#provePin(relation, struct.whereClause)
    this.#proveAssignments(struct.targetList, relation, column)
  }

  #provePin(relation: Tree, where: unknown): string {
    const access = this.#access(relation)
    const pin = pinOf(firstConjunct(where).first, this.#context.sentinel)
    if (access?.kind !== 'tenant' || pin === null || !this.#isPinOf(pin, relation, access.column))
      throw unproven(relation)
    return access.column
  }

  #proveAssignments(targets: unknown, relation: Tree, column: string): void {
    for (const item of list(targets)) {
      const target = node(item, 'ResTarget')
      if (target === null || target.name !== column) continue
      const own = isTree(relation.alias) ? relation.alias.aliasname : relation.relname
      const path = names(node(target.val, 'ColumnRef')?.fields)
      const isSame = path?.length === 2 && path[1] === column && (path[0] === own || path[0] === 'excluded')
      if (
        target.indirection !== undefined ||
        (!isSame && !isTenantValue(assigned(target.val), this.#context))
      )
        throw unproven(relation)
    }
  }

  /** INSERT: every row carries the tenant, and ON CONFLICT changes the tenant's own rows only. */
  #insert(struct: Tree): void {
    const relation = isTree(struct.relation) ? struct.relation : {}
    const access = this.#access(relation)
    if (access?.kind !== 'tenant') throw unproven(relation)
    const index = this.#tenantIndex(struct.cols, relation, access.column)
    const isLast = index === list(struct.cols).length - 1
    this.#proveRows(node(struct.selectStmt, 'SelectStmt'), { index, isLast }, relation)
    const conflict = struct.onConflictClause
    if (!isTree(conflict) || conflict.action === 'ONCONFLICT_NOTHING') return
    this.#provePin(relation, conflict.whereClause)
    this.#proveAssignments(conflict.targetList, relation, access.column)
  }

  #tenantIndex(columns: unknown, relation: Tree, column: string): number {
    const all =
      this.#context.snapshot.relations.get(keyOf(relation))?.columns.map((candidate) => candidate.name) ?? []
    const listed = columns === undefined ? all : list(columns).map((item) => node(item, 'ResTarget')?.name)
    const index = listed.indexOf(column)
    const target = node(list(columns)[index], 'ResTarget')
    if (index < 0 || listed.lastIndexOf(column) !== index || target?.indirection !== undefined)
      throw unproven(relation)
    return index
  }

  #proveRows(select: Tree | null, place: Place, relation: Tree): void {
    if (select === null) throw unproven(relation)
    if (select.op !== 'SETOP_NONE') {
      for (const arm of [select.larg, select.rarg]) this.#proveRows(isTree(arm) ? arm : null, place, relation)
      return
    }
    const rows =
      select.valuesLists === undefined
        ? [targetRow(select.targetList, place)]
        : list(select.valuesLists).map(valuesRow)
    for (const { values, index = place.index } of rows) {
      const value = values[index]
      if (!isStamp(value, this.#context.sentinel) && !isTenantValue(value, this.#context))
        throw unproven(relation)
    }
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

interface Via {
  readonly column: string
  readonly references: { readonly schema: string; readonly name: string; readonly column: string }
}

function keyOf(relation: Tree): string {
  return relationKey(String(relation.schemaname), String(relation.relname))
}

function isFalse(condition: unknown): boolean {
  const constant = node(condition, 'A_Const')
  const value = constant?.boolval
  return isTree(value) && value.boolval !== true
}
