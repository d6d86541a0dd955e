import { parse } from 'pgsql-ast-parser'
import { TENANT } from '../support/world/world.js'

type Tree = Readonly<Record<string, unknown>>

/** A relation of another parser's tree, and whether it is confined there. */
export interface Sighting {
  readonly schema: string
  readonly name: string
  readonly isConfined: boolean
}

/** Every relation with a schema in a text, as another grammar reads it; undefined where it can't. */
export function sightings(scoped: string): readonly Sighting[] | undefined {
  try {
    return look(parse(readable(scoped)), [])
  } catch {
    return undefined
  }
}

/** That grammar has no qualified operator in front of ANY. */
function readable(scoped: string): string {
  return scoped.replaceAll(` ANY ('{${TENANT}}')`, ` '${TENANT}'`)
}

function look(value: unknown, found: Sighting[]): readonly Sighting[] {
  if (Array.isArray(value)) for (const item of value) look(item, found)
  if (!isTree(value)) return found
  found.push(...sources(value), ...targets(value))
  for (const field of Object.values(value)) look(field, found)
  return found
}

/** Relations of a FROM: confined by the item behind them, or by the first condition of the query. */
function sources(query: Tree): readonly Sighting[] {
  const items = Array.isArray(query.from)
    ? (query.from as readonly Tree[])
    : query.from === undefined
      ? []
      : [query.from as Tree]
  return items.flatMap((item, i) => {
    const isConfined = isGuard(items[i + 1], item) || hasPin(query.where, item)
    return item.type === 'table' ? sighting(item.name, isConfined) : []
  })
}

/** The target of a statement that writes: pinned, or stamped in every row. */
function targets(statement: Tree): readonly Sighting[] {
  switch (statement.type) {
    case 'update':
      return sighting(statement.table, hasPin(statement.where, { name: statement.table }))
    case 'delete':
      return sighting(statement.from, hasPin(statement.where, { name: statement.from }))
    case 'insert':
      return sighting(statement.into, isStamped(statement))
    default:
      return []
  }
}

function sighting(name: unknown, isConfined: boolean): readonly Sighting[] {
  if (!isTree(name) || typeof name.schema !== 'string') return []
  return [{ schema: name.schema, name: String(name.name), isConfined }]
}

function isGuard(item: Tree | undefined, of: Tree): boolean {
  const join = isTree(item?.join) ? item.join : {}
  return (
    join.type === 'INNER JOIN' &&
    /^_tg_*\d+$/.test(String(item?.alias)) &&
    (isPin(join.on, of) || isTie(join.on))
  )
}

/** `EXISTS (SELECT FROM parent …)`, which is looked at as a query of its own. */
function isTie(condition: unknown): boolean {
  return (
    isTree(condition) &&
    condition.type === 'call' &&
    isTree(condition.function) &&
    condition.function.name === 'exists'
  )
}

function hasPin(condition: unknown, of: Tree): boolean {
  if (!isTree(condition)) return false
  if (isPin(condition, of) || isTie(condition)) return true
  return condition.op === 'AND' && (hasPin(condition.left, of) || hasPin(condition.right, of))
}

/** `name.column OPERATOR(pg_catalog.=) 'tenant'`. */
function isPin(condition: unknown, of: Tree): boolean {
  if (!isTree(condition) || condition.op !== '=' || condition.opSchema !== 'pg_catalog') return false
  const { left, right } = condition
  const name = isTree(of.name) ? (of.name.alias ?? of.name.name) : undefined
  return (
    isTree(left) &&
    isTree(left.table) &&
    left.table.name === name &&
    isTree(right) &&
    String(right.value) === TENANT
  )
}

/** By the tenant, or by a parameter, which is looked at in Bind. */
function isStamped(statement: Tree): boolean {
  return new RegExp(`"value":"?${TENANT}"?[,}]|"type":"parameter"`).test(JSON.stringify(statement.insert))
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
