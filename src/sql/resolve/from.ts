import type {
  Alias,
  JoinExpr,
  Node,
  RangeFunction,
  RangeSubselect,
  RangeTableSample,
  RangeVar,
} from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import type { Column } from '../../schema/relation.js'
import type { NodeKind } from '../ast/grammar.js'
import { eachChild, type Struct, untag } from '../ast/walk.js'
import { unsupported } from '../refusals.js'
import { MAX_OUTPUTS, relationColumns, renamed, strings } from './outputs.js'
import type { CteScope, FromList, Range, Resolver, Scope } from './resolution.js'

/** Resolves the items of a FROM or USING clause, each in the sight of those before it as LATERAL has it. */
export function resolveFrom(
  resolver: Resolver,
  items: readonly unknown[] | undefined,
  scope: Scope,
): FromList {
  const ranges: Range[] = []
  let expandable = true
  for (const item of items ?? []) {
    const found = fromItem(resolver, item, withRanges(scope, ranges))
    ranges.push(...found.ranges)
    expandable &&= found.expandable
  }
  return { ranges, expandable }
}

/** A scope in which more ranges are visible, nearest first. */
export function withRanges(scope: Scope, ranges: readonly Range[]): Scope {
  return { ctes: scope.ctes, ranges: { ranges, outer: scope.ranges } }
}

const ITEMS: Partial<Record<NodeKind, (resolver: Resolver, struct: never, scope: Scope) => FromList>> = {
  RangeVar: (resolver, rangeVar: RangeVar, scope) => single(rangeVarRange(resolver, rangeVar, scope)),
  RangeTableSample: sample,
  RangeSubselect: subselect,
  RangeFunction: rangeFunction,
  RangeTableFunc: valueRange,
  JsonTable: valueRange,
  JoinExpr: join,
}

/** More than any statement joins; each may have as many columns as its relation. */
const MAX_RANGES = 1000
/** Of more, nobody looks which columns USING and NATURAL compare: each join would be as long as all before it. */
const MAX_MERGED_RANGES = 64

/** `scope` sees the siblings to the left as its nearest ranges. */
function fromItem(resolver: Resolver, item: unknown, scope: Scope): FromList {
  const node = untag(item)
  const resolve = node === null ? undefined : ITEMS[node.kind]
  if (node === null || resolve === undefined) {
    throw unsupported('fromItem', { about: { node: node?.kind ?? 'nothing' } })
  }
  const list = resolve(resolver, node.struct as never, scope)
  const isNew = node.kind !== 'JoinExpr' || node.struct.alias !== undefined
  if (isNew) resolver.resolution.ranges.push(...list.ranges)
  if (resolver.resolution.ranges.length > MAX_RANGES) throw new GatewayError('STATEMENT_TOO_COMPLEX', {})
  return list
}

function single(range: Range): FromList {
  return { ranges: [range], expandable: true }
}

function findCte(name: string, scope: CteScope | null): CteScope | null {
  for (let at = scope; at !== null; at = at.outer) if (at.name === name) return at
  return null
}

function rangeVarRange(resolver: Resolver, rangeVar: RangeVar, scope: Scope, isSampled = false): Range {
  const cte = rangeVar.schemaname === undefined ? findCte(rangeVar.relname ?? '', scope.ctes) : null
  const name = rangeVar.alias?.aliasname ?? rangeVar.relname ?? ''
  if (cte !== null) return { name, columns: renamed(cte.columns, strings(rangeVar.alias?.colnames)) }
  const site = resolver.relation(rangeVar, 'read', isSampled)
  return { name, site, columns: relationColumns(site, site.relation) }
}

/** Its arguments see no name at all, so they have to be values. */
function sample(resolver: Resolver, struct: RangeTableSample, scope: Scope): FromList {
  const relation = untag(struct.relation)
  const method = strings(struct.method).at(-1) ?? ''
  const values = [...(struct.args ?? []), ...(struct.repeatable === undefined ? [] : [struct.repeatable])]
  const isPlain =
    relation?.kind === 'RangeVar' && (method === 'bernoulli' || method === 'system') && values.every(isValue)
  if (!isPlain) throw unsupported('sampleForm')
  return single(rangeVarRange(resolver, relation.struct as RangeVar, scope, true))
}

function isValue(node: Node): boolean {
  return 'A_Const' in node || 'ParamRef' in node
}

function subselect(resolver: Resolver, struct: RangeSubselect, scope: Scope): FromList {
  const inner = struct.lateral === true ? scope : { ctes: scope.ctes, ranges: scope.ranges?.outer ?? null }
  const columns = resolver.statement(struct.subquery, inner)
  return single(aliased(struct.alias, columns))
}

function aliased(alias: Alias | undefined, columns: Range['columns']): Range {
  return { name: alias?.aliasname ?? null, columns: renamed(columns, strings(alias?.colnames)) }
}

/** A function's columns depend on its type, which is not known here. */
function rangeFunction(resolver: Resolver, struct: RangeFunction, scope: Scope): FromList {
  for (const item of struct.functions ?? []) resolver.expression(item, scope)
  for (const column of struct.coldeflist ?? []) resolver.expression(column, scope)
  return single({ name: struct.alias?.aliasname ?? functionName(struct), columns: null })
}

function functionName(struct: RangeFunction): string | null {
  const list = untag(struct.functions?.[0] ?? {})
  const call = untag((list?.struct.items as Node[] | undefined)?.[0] ?? {})
  return call?.kind === 'FuncCall' ? (strings(call.struct.funcname as Node[]).at(-1) ?? null) : null
}

/** XMLTABLE and JSON_TABLE: expressions inside, columns unknown. */
function valueRange(resolver: Resolver, struct: Struct, scope: Scope): FromList {
  const kind: NodeKind = 'docexpr' in struct ? 'RangeTableFunc' : 'JsonTable'
  eachChild(kind, struct, (child, value, field) => {
    if (field !== 'alias') resolver.expression({ [child]: value }, scope)
  })
  return single({ name: (struct.alias as Alias | undefined)?.aliasname ?? null, columns: null })
}

function join(resolver: Resolver, struct: JoinExpr, scope: Scope): FromList {
  const siblings = scope.ranges?.ranges ?? []
  const outside: Scope = { ctes: scope.ctes, ranges: scope.ranges?.outer ?? null }
  const left = fromItem(resolver, struct.larg, scope)
  const right = fromItem(resolver, struct.rarg, withRanges(outside, [...siblings, ...left.ranges]))
  const ranges = [...left.ranges, ...right.ranges]
  if (struct.quals !== undefined) resolver.expression(struct.quals, withRanges(outside, ranges))
  const isMerging = struct.isNatural === true || struct.usingClause !== undefined
  const expandable = left.expandable && right.expandable && !isMerging
  if (isMerging) {
    resolver.resolution.operators.push({ parts: ['='], location: 0 })
    resolver.resolution.merges.set(struct, mergedColumns(struct, left, right))
  }
  const merged = struct.join_using_alias?.aliasname
  if (merged !== undefined) resolver.resolution.ranges.push({ name: merged, columns: null })
  if (struct.alias === undefined) return { ranges, expandable }
  const columns =
    expandable && ranges.length <= MAX_OUTPUTS && ranges.every((range) => range.columns !== null)
      ? ranges.flatMap((range) => range.columns ?? [])
      : null
  return { ranges: [aliased(struct.alias, columns)], expandable: true }
}

function mergedColumns(
  struct: JoinExpr,
  left: FromList,
  right: FromList,
): readonly (readonly [Column, Column])[] | null {
  if (left.ranges.length > MAX_MERGED_RANGES || right.ranges.length > MAX_MERGED_RANGES) return null
  const names = struct.usingClause === undefined ? commonNames(left, right) : strings(struct.usingClause)
  const pairs: (readonly [Column, Column])[] = []
  for (const name of names ?? []) {
    const [a, b] = [mergedColumn(name, left), mergedColumn(name, right)]
    if (a === null || b === null) return null
    pairs.push([a, b])
  }
  return names === null ? null : pairs
}

/** The column of a name that exactly one range has; those of joined ranges may be merged already. */
function mergedColumn(name: string, { ranges }: FromList): Column | null {
  const found = ranges.flatMap((range) => range.columns ?? []).filter((column) => column.name === name)
  const isKnown = ranges.every((range) => range.columns !== null)
  const origin = found.length === 1 ? found[0]?.origin : undefined
  if (!isKnown || origin?.kind !== 'column') return null
  return origin.site.relation?.columns.find((column) => column.name === origin.column) ?? null
}

function commonNames(left: FromList, right: FromList): readonly string[] | null {
  if ([...left.ranges, ...right.ranges].some((range) => range.columns === null)) return null
  const names = (list: FromList) =>
    list.ranges.flatMap((range) => (range.columns ?? []).flatMap(({ name }) => name ?? []))
  const others = new Set(names(right))
  return names(left).filter((name) => others.has(name))
}
