/** The fields of one parse node; the proof reads a few kinds and gives up on the others. */
export type Fields = Readonly<Record<string, unknown>>

export interface Node {
  readonly kind: string
  readonly fields: Fields
}

/** Thrown wherever a definition has something that the proof does not cover. */
export class Unproven extends Error {}

/** Unwraps `{"Kind": {…}}`. */
export function node(value: unknown): Node {
  const entry = Object.entries(fields(value))[0]
  if (entry === undefined) throw new Unproven('empty node')
  return { kind: entry[0], fields: fields(entry[1]) }
}

export function fields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw new Unproven('not a node')
  return value as Fields
}

export function nodes(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.map(node) : []
}

/** A list of String nodes; an entry of another kind (`*`) becomes null. */
export function names(value: unknown): readonly (string | null)[] {
  return nodes(value).map(({ kind, fields }) => (kind === 'String' ? text(fields.sval) : null))
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Every object of a tree with a node kind, itself included; subqueries are handed to `stop` and not entered when it says so. */
export function walk(value: unknown, visit: (node: Node) => boolean): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value)) {
    const isNode = /^[A-Z]/.test(key) && typeof child === 'object' && child !== null && !Array.isArray(child)
    if (isNode && !visit({ kind: key, fields: child as Fields })) continue
    walk(child, visit)
  }
}

/** The SelectStmt of a definition's text. */
export function selectOf(parsed: unknown): Fields {
  const [statement, ...rest] = fields(parsed).stmts as readonly unknown[]
  const { kind, fields: select } = node(fields(statement).stmt)
  if (rest.length > 0 || kind !== 'SelectStmt') throw new Unproven('not one SELECT')
  return select
}
