import type {
  A_Expr,
  A_Indirection,
  CaseExpr,
  ColumnRef,
  FuncCall,
  Node,
  SortBy,
  SubLink,
  TypeName,
} from '@pgsql/types'
import type { NodeKind } from '../ast/grammar.js'
import { eachChild, type Struct, untag } from '../ast/walk.js'
import { unsupported } from '../refusals.js'
import { isNamespaced } from './names.js'
import { findColumn, strings } from './outputs.js'
import type { Resolver, Scope } from './resolution.js'
import { resolveSettingCall } from './settings.js'

type Rule = (resolver: Resolver, struct: never, scope: Scope) => void

/** Kinds of which more has to be known than what their children are. */
const RULES: Partial<Record<NodeKind, Rule>> = {
  SelectStmt: (resolver, struct, scope) => void resolver.select(struct, scope),
  SubLink: sublink,
  ColumnRef: columnReference,
  A_Indirection: indirection,
  CaseExpr: (resolver, struct: CaseExpr) => {
    if (struct.arg !== undefined) equality(resolver, struct.location)
  },
  FuncCall: call,
  A_Expr: operatorExpression,
  SortBy: sort,
  TypeName: typeName,
}

/**
 * Resolves every name in a value, at any depth.
 *
 * The right side of `SET (a, b) = …` stands in the tree once for each column, in the text once. A relation that stands where only a value may stand is refused.
 */
export function resolveExpression(resolver: Resolver, node: unknown, scope: Scope): void {
  const tagged = untag(node)
  if (tagged === null) return
  if (tagged.kind === 'RangeVar' || (tagged.kind !== 'SelectStmt' && tagged.kind.endsWith('Stmt'))) {
    throw unsupported('nested', { about: { node: tagged.kind } })
  }
  if (tagged.kind === 'MultiAssignRef' && tagged.struct.colno !== 1) return
  RULES[tagged.kind]?.(resolver, tagged.struct as never, scope)
  if (tagged.kind === 'SelectStmt' || tagged.kind === 'SubLink') return
  children(resolver, tagged.kind, { struct: tagged.struct, scope })
}

function children(
  resolver: Resolver,
  kind: NodeKind,
  inside: { readonly struct: Struct; readonly scope: Scope },
): void {
  eachChild(kind, inside.struct, (child, struct) =>
    resolveExpression(resolver, { [child]: struct }, inside.scope),
  )
}

function sublink(resolver: Resolver, struct: SubLink, scope: Scope): void {
  if (struct.testexpr !== undefined) resolver.expression(struct.testexpr, scope)
  const compares = struct.subLinkType === 'ANY_SUBLINK' || struct.subLinkType === 'ALL_SUBLINK'
  if (struct.operName !== undefined) operator(resolver, struct.operName, struct.location)
  else if (compares) equality(resolver, struct.location)
  resolver.statement(struct.subselect, scope)
}

/** `t.f` calls the function f with the row t where t has no column f. */
function columnReference(resolver: Resolver, struct: ColumnRef, scope: Scope): void {
  const fields = struct.fields ?? []
  const last = fields.at(-1)
  if (fields.length === 1) systemColumn(resolver, struct, scope)
  const found = findColumn(fields, scope.ranges)
  if (found !== null && found.column !== null) resolver.resolution.columns.set(struct, found.column)
  if (fields.length < 2 || last === undefined || !('String' in last)) return
  const names = strings(fields)
  const name = names.at(-1) ?? ''
  const qualifier = names.length === 2 ? (names[0] ?? null) : null
  resolver.resolution.functions.push({
    parts: [name],
    location: struct.location ?? 0,
    isNotation: true,
    qualifier,
  })
}

const SYSTEM_COLUMNS = new Set(['cmax', 'cmin', 'ctid', 'tableoid', 'xmax', 'xmin'])

/** An unqualified system column belongs to the one relation of the nearest FROM clause that has any. */
function systemColumn(resolver: Resolver, struct: ColumnRef, scope: Scope): void {
  const name = strings(struct.fields)[0] ?? ''
  if (!SYSTEM_COLUMNS.has(name)) return
  for (let at = scope.ranges; at !== null; at = at.outer) {
    const isColumn = at.ranges.some((range) => range.columns?.some((column) => column.name === name) ?? false)
    const sites = at.ranges.flatMap((range) => range.site ?? [])
    const [site, ...others] = sites
    if (site !== undefined && others.length === 0 && !isColumn) {
      resolver.resolution.systemColumns.push({ location: struct.location ?? 0, site })
    }
    if (isColumn || site !== undefined) return
  }
}

/** `(x).f` calls the function f with x where x has no field f. */
function indirection(resolver: Resolver, struct: A_Indirection): void {
  for (const name of strings(struct.indirection)) {
    if (name !== '')
      resolver.resolution.functions.push({
        parts: [name],
        location: locationOf(struct.arg),
        isNotation: true,
        qualifier: null,
      })
  }
}

function locationOf(node: Node | undefined): number {
  const location = untag(node ?? {})?.struct.location
  return typeof location === 'number' ? location : 0
}

function call(resolver: Resolver, struct: FuncCall): void {
  const parts = strings(struct.funcname)
  resolver.resolution.functions.push({
    parts,
    location: struct.location ?? 0,
    isNotation: false,
    qualifier: null,
  })
  if (isNamespaced(parts)) resolver.resolution.namespacedCalls.push(struct)
  resolveSettingCall(resolver.resolution, struct, parts)
}

const KEYWORD_OPERATORS = new Set([
  'AEXPR_BETWEEN',
  'AEXPR_NOT_BETWEEN',
  'AEXPR_BETWEEN_SYM',
  'AEXPR_NOT_BETWEEN_SYM',
])

const LIKE_OPERATORS = new Set(['~~', '!~~', '~~*', '!~~*'])
const PATH_OPERATORS = new Set(['@?', '@@'])

function operatorExpression(resolver: Resolver, struct: A_Expr): void {
  notePattern(resolver, struct)
  const operands = [struct.lexpr, struct.rexpr].flatMap((side) =>
    side !== undefined && 'ColumnRef' in side ? [side.ColumnRef] : [],
  )
  if (operands.length > 0) resolver.resolution.comparisons.push({ operands, location: struct.location ?? 0 })
  const isBetween = KEYWORD_OPERATORS.has(struct.kind ?? '')
  if (!isBetween) operator(resolver, struct.name, struct.location)
  for (const name of isBetween ? ['<', '<=', '>', '>='] : []) {
    resolver.resolution.operators.push({ parts: [name], location: struct.location ?? 0 })
  }
}

/** `=` without being written: IN (SELECT …), CASE x WHEN y. */
function equality(resolver: Resolver, location: number | undefined): void {
  resolver.resolution.operators.push({ parts: ['='], location: location ?? 0 })
}

function sort(resolver: Resolver, struct: SortBy): void {
  if (struct.useOp !== undefined) operator(resolver, struct.useOp, struct.location)
}

function operator(
  resolver: Resolver,
  names: readonly Node[] | undefined,
  location: number | undefined,
): void {
  resolver.resolution.operators.push({ parts: strings(names), location: location ?? 0 })
}

function typeName(resolver: Resolver, struct: TypeName): void {
  if (struct.pct_type === true || struct.setof === true) {
    throw unsupported('typeReference', { about: { form: struct.setof === true ? 'SETOF' : '%TYPE' } })
  }
  resolver.resolution.types.push({ parts: strings(struct.names), location: struct.location ?? 0 })
}

function notePattern(resolver: Resolver, { kind, name, lexpr, rexpr, location = 0 }: A_Expr): void {
  const operatorName = strings(name).at(-1) ?? ''
  const isList = kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_OP_ALL'
  if (LIKE_OPERATORS.has(operatorName)) {
    resolver.resolution.patterns.push({
      kind: isList ? 'like any' : 'like',
      value: lexpr,
      pattern: rexpr,
      location,
    })
  } else if (lexpr !== undefined && PATH_OPERATORS.has(operatorName))
    resolver.resolution.patterns.push({ kind: 'jsonpath', value: lexpr, pattern: rexpr, location })
}
