import { list, node, type Tree } from './shapes.js'

/** Names of WITH queries in force, from inside out. */
export interface Names {
  readonly name: string
  readonly query: Tree
  readonly outer: Names | null
}

/** The names that a WITH clause leaves in force behind it. */
export function namesBehind(clause: unknown, outer: Names | null): Names | null {
  return withQueries(clause).reduce<Names | null>(
    (scope, query) => ({ name: String(query.ctename), query, outer: scope }),
    outer,
  )
}

export function withQueries(clause: unknown): readonly Tree[] {
  const { ctes } = (clause ?? {}) as Tree
  return list(ctes).map((item) => node(item, 'CommonTableExpr') ?? {})
}

/** The WITH query that a name means, null where it means none. */
export function queryOf(name: unknown, scope: Names | null): Tree | null {
  for (let at = scope; at !== null; at = at.outer) if (at.name === name) return at.query
  return null
}
