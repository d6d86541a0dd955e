import type { Fields } from './tree.js'
import { names, node, Unproven } from './tree.js'

/** A column of a relation instance that carries a tenant; every other expression is null. */
export interface Field {
  readonly instance: number
  /** The `relationKey` it belongs to. */
  readonly relation: string
  readonly column: string
}

export interface Output {
  readonly name: string
  readonly field: Field | null
}

/** One entry of a FROM, by its alias; `opaque` where its columns are not known. */
export interface Range {
  readonly alias: string
  readonly columns: readonly Output[]
  readonly opaque: boolean
}

/** What a FROM item brings into scope. */
export interface FromItem {
  readonly ranges: readonly Range[]
  /** What an unqualified name finds: after USING a merged column stands here once. */
  readonly visible: readonly Output[]
  readonly instances: readonly number[]
}

export const NOTHING: FromItem = { ranges: [], visible: [], instances: [] }

/** One query level; names that it doesn't know are looked up in the level around it. */
export interface Level {
  readonly outer: Level | null
  readonly ctes: ReadonlyMap<string, { readonly query: Fields; readonly level: Level }>
  readonly from: FromItem
}

export function combine(left: FromItem, right: FromItem): FromItem {
  return {
    ranges: [...left.ranges, ...right.ranges],
    visible: [...left.visible, ...right.visible],
    instances: [...left.instances, ...right.instances],
  }
}

/** A plain column's field, or null for everything else; casts that keep the value are looked through. */
export function fieldOf(expression: unknown, level: Level): Field | null {
  if (expression === undefined) return null
  const { kind, fields } = node(expression)
  if (kind === 'TypeCast') return keepsValue(fields) ? fieldOf(fields.arg, level) : null
  if (kind !== 'ColumnRef') return null
  const path = names(fields.fields)
  const column = path.at(-1)
  if (column === null || column === undefined) return null
  return path.length === 1 ? unqualified(column, level) : qualified(path.at(-2) ?? '', column, level)
}

/** varchar = varchar is written with casts to text, which change nothing; from any other type they'd not be equal everywhere. */
function keepsValue(cast: Fields): boolean {
  const type = names((cast.typeName as Fields).names)
  const isArray = (cast.typeName as Fields).arrayBounds !== undefined
  return !isArray && (type.length === 1 || type[0] === 'pg_catalog') && type.at(-1) === 'text'
}

function qualified(alias: string, column: string, level: Level | null): Field | null {
  if (level === null) return null
  const range = level.from.ranges.find((candidate) => candidate.alias === alias)
  if (range === undefined) return qualified(alias, column, level.outer)
  return range.columns.find((output) => output.name === column)?.field ?? null
}

function unqualified(column: string, level: Level | null): Field | null {
  if (level === null) return null
  const found = level.from.visible.filter((output) => output.name === column)
  if (found.length > 1) throw new Unproven(`ambiguous ${column}`)
  if (found[0] !== undefined) return found[0].field
  return level.from.ranges.some((range) => range.opaque) ? null : unqualified(column, level.outer)
}
