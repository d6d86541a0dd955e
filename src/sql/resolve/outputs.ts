import type { ColumnRef, Node } from '@pgsql/types'
import type { Column, Relation } from '../../schema/relation.js'
import { untag } from '../ast/walk.js'
import { ObservedValue } from '../observed-literals.js'
import type { FromList, Origin, Output, Range, RangeScope, RelationSite } from './resolution.js'

const OTHER: Origin = { kind: 'other' }

/** The strings of a list of String nodes; anything else in it gives ''. */
export function strings(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).map((node) => ('String' in node ? (node.String.sval ?? '') : ''))
}

/** The columns of a relation under an alias with or without column names. */
export function relationColumns(site: RelationSite, relation: Relation | null): readonly Output[] | null {
  if (relation === null) return null
  const names = strings(site.rangeVar.alias?.colnames)
  return relation.columns.map((column, index) => ({
    name: names[index] ?? column.name,
    origin: { kind: 'column', site, column: column.name } as const,
  }))
}

/** Columns renamed, as far as the names go, by an alias's column list. */
export function renamed(
  columns: readonly Output[] | null,
  names: readonly string[],
): readonly Output[] | null {
  if (names.length === 0) return columns
  return (
    columns?.map((column, index) => ({ name: names[index] ?? column.name, origin: column.origin })) ?? null
  )
}

/** PostgreSQL refuses a longer target list (MaxTupleAttributeNumber); nested `*` would grow without bound. */
export const MAX_OUTPUTS = 1664

/** The outputs of a target list; null where a `*` can't be expanded, or there are more than a list may have. */
export function targetOutputs(
  targets: readonly Node[] | undefined,
  from: FromList,
): readonly Output[] | null {
  const outputs: Output[] = []
  for (const target of targets ?? []) {
    if (!('ResTarget' in target)) return null
    const { name, val } = target.ResTarget
    const expanded = valueOutputs(val, from)
    if (expanded === null || outputs.length + expanded.length > MAX_OUTPUTS) return null
    outputs.push(
      ...(name === undefined || isExpanding(val)
        ? expanded
        : expanded.map(({ origin }) => ({ name, origin }))),
    )
  }
  return outputs
}

function valueOutputs(value: Node | undefined, from: FromList): readonly Output[] | null {
  if (value !== undefined && 'ColumnRef' in value) return columnOutputs(value.ColumnRef, from)
  const isRow =
    value !== undefined && 'A_Indirection' in value && isStar(value.A_Indirection.indirection?.at(-1))
  return isRow ? null : [{ name: null, origin: OTHER }]
}

/** The text of a string or number literal, null for every other node. */
export function constantText(node: unknown): string | null {
  const constant = untag(node ?? {})
  if (constant?.kind !== 'A_Const') return null
  const { sval, ival, fval } = constant.struct as {
    sval?: { sval?: string }
    ival?: { ival?: number }
    fval?: { fval?: string }
  }
  if (sval !== undefined) return sval.sval ?? ''
  if (ival !== undefined) return String(ival.ival ?? 0)
  return fval?.fval ?? null
}

/** Whether a node is a number of digits alone, or a string of them. */
export function isUnsigned(node: unknown): boolean {
  const constant = untag(node ?? {})
  const whole = constant?.kind === 'A_Const' ? constant.struct.ival : undefined
  if (whole instanceof ObservedValue && whole.isUnsigned) return true
  return /^\d+$/.test(constantText(node) ?? '')
}

function columnOutputs(reference: ColumnRef, from: FromList): readonly Output[] | null {
  const fields = reference.fields ?? []
  const qualifiers = strings(fields.slice(0, -1))
  if (isStar(fields.at(-1))) return starOutputs(qualifiers.at(-1), from)
  const name = strings(fields).at(-1) ?? ''
  const ranges =
    qualifiers.length === 0 ? from.ranges : from.ranges.filter((range) => range.name === qualifiers.at(-1))
  return [{ name, origin: ranges.length === 0 ? OTHER : uniqueOrigin(name, ranges) }]
}

function isStar(node: Node | undefined): boolean {
  return node !== undefined && 'A_Star' in node
}

/** Whether the server makes several values of it: `t.*`, `(row).*`. */
export function isExpanding(value: Node | undefined): boolean {
  if (value === undefined) return false
  if ('ColumnRef' in value) return isStar(value.ColumnRef.fields?.at(-1))
  return 'A_Indirection' in value && isStar(value.A_Indirection.indirection?.at(-1))
}

/** Whether a target list has an item that stands for several columns. */
export function hasStar(targets: readonly Node[] | undefined): boolean {
  return (targets ?? []).some((target) => 'ResTarget' in target && isExpanding(target.ResTarget.val))
}

function starOutputs(qualifier: string | undefined, from: FromList): readonly Output[] | null {
  if (qualifier === undefined && !from.expandable) return null
  const ranges =
    qualifier === undefined ? from.ranges : from.ranges.filter((range) => range.name === qualifier)
  if (ranges.length === 0 || (qualifier !== undefined && ranges.length > 1)) return null
  const columns: Output[] = []
  for (const range of ranges) {
    if (range.columns === null || columns.length > MAX_OUTPUTS) return null
    columns.push(...range.columns)
  }
  return columns
}

const INDEXES = new WeakMap<readonly Output[], ReadonlyMap<string | null, readonly Origin[]>>()

/** Made once for each list: a statement may name a column of a wide one thousands of times. */
function byName(columns: readonly Output[]): ReadonlyMap<string | null, readonly Origin[]> {
  const known = INDEXES.get(columns)
  if (known !== undefined) return known
  const index = new Map<string | null, Origin[]>()
  for (const { name, origin } of columns) {
    const origins = index.get(name)
    if (origins === undefined) index.set(name, [origin])
    else origins.push(origin)
  }
  INDEXES.set(columns, index)
  return index
}

function uniqueOrigin(name: string, ranges: readonly Range[]): Origin {
  const found: Origin[] = []
  for (const range of ranges) {
    if (range.columns === null) return OTHER
    found.push(...(byName(range.columns).get(name) ?? []))
    if (found.length > 1) return OTHER
  }
  return found.length === 1 ? (found[0] ?? OTHER) : OTHER
}

/**
 * The nearest scope that can have a column, and the relation's column it is, where that is sure.
 *
 * Null where no scope has it.
 */
export function findColumn(
  fields: readonly Node[],
  scope: RangeScope | null,
): { readonly scope: RangeScope; readonly column: Column | null } | null {
  const names = strings(fields)
  const name = names.at(-1) ?? ''
  for (let at = scope; at !== null; at = at.outer) {
    const ranges = names.length === 1 ? at.ranges : at.ranges.filter((range) => range.name === names.at(-2))
    const isHere = ranges.some(({ columns }) => columns === null || byName(columns).has(name))
    if (isHere) return { scope: at, column: originColumn(uniqueOrigin(name, ranges)) }
  }
  return null
}

function originColumn(origin: Origin): Column | null {
  if (origin.kind !== 'column') return null
  return origin.site.relation?.columns.find((column) => column.name === origin.column) ?? null
}
