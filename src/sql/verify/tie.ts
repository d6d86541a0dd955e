import { tieOf } from '../../policy/decide.js'
import { relationKey } from '../../schema/relation.js'
import { parseText } from '../parser.js'
import { type Names, queryOf } from './names.js'
import { accessIn, columnsOf, type ProofContext } from './relations.js'
import { fields, firstConjunct, isTree, list, names, node, type Tree } from './shapes.js'
import type { Via } from './via.js'

/** What of the client's stands inside a value that is a child's key and surely its tenant's, and the keys of other rows that it asks for. */
export interface Tied {
  readonly inner: unknown
  readonly others: readonly unknown[]
}

/** Null for a value that isn't tied. */
export type TieProof = (value: unknown) => Tied | null

/**
 * Recognises what the gateway makes of a value for the key of a child: written once more from the schema, it has to be the same tree,
 * but for the names that are free to be chosen, and for the client's values.
 */
export function tieProof(
  child: Tree,
  access: Via,
  { scope, context }: { readonly scope: Names | null; readonly context: ProofContext },
): TieProof {
  const about = aboutTie(child, access, context)
  const shapes = new Map<string, unknown>()
  const shapeFor = (pin: string, size: Size): unknown => {
    const key = `${size.queries} ${size.others} ${pin}`
    if (about !== null && !shapes.has(key)) shapes.set(key, shapeOf(about, pin, size))
    return shapes.get(key)
  }
  return (value) => {
    const size = sizeOf(value)
    const found = (about?.pins ?? []).map((pin) => bindings(shapeFor(pin, size), value)).find(Boolean)
    if (!found) return null
    const areWritten = numbers(size.queries).every((index) =>
      returnsKey(queryOf(found.get(`${QUERY}${index}`), scope), found.get(`${COLUMN}${index}`), {
        access,
        context,
      }),
    )
    const others = numbers(size.others).map((index) => found.get(`${INNER}${index + 2}`))
    return areWritten ? { inner: found.get(`${INNER}1`), others } : null
  }
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index)
}

/** What the free names of a shape are in a tree of that shape; null for any other tree. */
function bindings(shape: unknown, value: unknown): ReadonlyMap<string, unknown> | null {
  const found = new Map<string, unknown>()
  const isSame = matches(shape, value, found)
  const isApart = found.get(VALUE) !== found.get(PARENT)
  return isSame && isApart ? found : null
}

const [VALUE, PARENT, QUERY, COLUMN, INNER] = ['?value', '?parent', '?query', '?column', '?inner'] as const

interface About {
  readonly type: string
  readonly parent: string
  readonly key: string
  /** What the failure names, as a literal. */
  readonly mark: string
  /** The plain and the firm one. */
  readonly pins: readonly string[]
}

/** Null where a name could be taken for one of ours that are free. */
function aboutTie(child: Tree, { column, references }: Via, context: ProofContext): About | null {
  const { schema, name } = references
  const parent = accessIn(context, { schemaname: schema, relname: name })
  const relation = context.snapshot.relations.get(
    relationKey(String(child.schemaname), String(child.relname)),
  )
  const type = relation?.columns.find((candidate) => candidate.name === column)?.type
  const key = relation === undefined ? undefined : tieOf(relation, { column, references })
  if (parent?.kind !== 'tenant' || type === undefined || key === undefined) return null
  if ([schema, name, references.column, parent.column, type].some((part) => part.includes('?'))) return null
  const tenant = `${quoted(PARENT)}.${quoted(parent.column)} OPERATOR(pg_catalog.=)`
  return {
    type,
    parent: `${quoted(schema)}.${quoted(name)}`,
    key: `${quoted(PARENT)}.${quoted(references.column)}`,
    mark: markOf([child.schemaname, child.relname, column, name, key.name], key.deferred),
    pins: [`${tenant} '${context.sentinel.one}'`, `${tenant} ANY ('{${context.sentinel.list}}')`],
  }
}

/** How many WITH queries are asked beside the parent, and for how many other keys. */
interface Size {
  readonly queries: number
  readonly others: number
}

function sizeOf(value: unknown): Size {
  const where = node(node(value, 'SubLink')?.subselect, 'SelectStmt')?.whereClause
  const { first, rest } = firstConjunct(where)
  const source = node(node(rest, 'SubLink')?.subselect, 'SelectStmt')?.fromClause
  const rows = node(node(list(source)[0], 'RangeSubselect')?.subquery, 'SelectStmt')?.valuesLists
  return {
    queries: Math.max(0, list(node(first, 'CaseExpr')?.args).length - 1),
    others: list(rows).length,
  }
}

function shapeOf({ type, parent, key, mark }: About, pin: string, { queries, others }: Size): unknown {
  const name = quoted(VALUE)
  const written = numbers(queries).map(
    (index) =>
      `WHEN EXISTS (SELECT FROM ${quoted(`${QUERY}${index}`)} AS ${quoted(PARENT)}
        WHERE ${quoted(PARENT)}.${quoted(`${COLUMN}${index}`)} OPERATOR(pg_catalog.=) ${name}.${name}) THEN true`,
  )
  const condition = `CASE
    WHEN EXISTS (SELECT FROM ${parent} AS ${quoted(PARENT)} WHERE ${key} OPERATOR(pg_catalog.=) ${name}.${name} AND ${pin} FOR KEY SHARE)
    THEN true ${written.join(' ')}
    ELSE CAST(pg_catalog.concat(${mark}, ${name}.${name} IS NULL, ' ', ${name}.${name}, ' tg_parent') AS pg_catalog.bool) END`
  const rows = numbers(others).map((index) => `(CAST($${index + 2} AS ${type}))`)
  const further = `AND (SELECT pg_catalog.bool_and(${condition}) FROM (VALUES ${rows.join(', ')} OFFSET 0) AS ${name} (${name}))`
  const text = `SELECT (SELECT ${name}.${name} FROM (VALUES (CAST($1 AS ${type})) OFFSET 0) AS ${name} (${name})
    WHERE ${condition} ${others === 0 ? '' : further})`
  const select = node(parseText(text).stmts?.[0]?.stmt, 'SelectStmt')
  return node(list(select?.targetList)[0], 'ResTarget')?.val
}

/** The names of the foreign key, for the session to put in the place of the failure. */
function markOf(names: readonly unknown[], isDeferred: boolean): string {
  const told = JSON.stringify(isDeferred ? [...names, 'deferred'] : names)
  return `'tg_parent ${told.replaceAll("'", "''")} '`
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Whether two trees are the same but for their places; a name with a question mark stands for any, but always for the same. */
function matches(shape: unknown, actual: unknown, found: Map<string, unknown>): boolean {
  if (typeof shape === 'string' && shape.startsWith('?')) {
    if (!found.has(shape)) found.set(shape, actual)
    return typeof actual === 'string' && found.get(shape) === actual
  }
  if (Array.isArray(shape) && Array.isArray(actual)) {
    return shape.length === actual.length && shape.every((item, i) => matches(item, actual[i], found))
  }
  if (!isTree(shape) || !isTree(actual)) return shape === actual
  const hole = node(shape, 'ParamRef')
  if (hole !== null) {
    found.set(`${INNER}${hole.number}`, actual)
    return true
  }
  const own = fields(shape)
  return (
    own.length === fields(actual).length && own.every((field) => matches(shape[field], actual[field], found))
  )
}

/** Whether a WITH query writes rows of the parent, and returns their key under this name. */
function returnsKey(
  query: Tree | null,
  column: unknown,
  { access, context }: { readonly access: Via; readonly context: ProofContext },
): boolean {
  const change = node(query?.ctequery, 'UpdateStmt')
  const write = node(query?.ctequery, 'InsertStmt') ?? (change?.fromClause === undefined ? change : null)
  const relation = isTree(write?.relation) ? write.relation : {}
  const isPlain = ['aliascolnames', 'search_clause', 'cycle_clause'].every(
    (clause) => query?.[clause] === undefined,
  )
  const { schema, name, column: key } = access.references
  if (!isPlain || relation.schemaname !== schema || relation.relname !== name) return false
  const own = isTree(relation.alias) ? relation.alias.aliasname : relation.relname
  const clause = isTree(write?.returningClause) ? write.returningClause : {}
  return list(clause.exprs).some((item) => {
    const target = node(item, 'ResTarget')
    const path = list(node(target?.val, 'ColumnRef')?.fields)
    const isOwn = path.length === 1 || (path.length === 2 && names([path[0]])?.[0] === own)
    const isAll = node(path.at(-1), 'A_Star') !== null
    if (!isOwn) return false
    if (isAll) return column === key && columnsOf(relation, context).includes(key)
    return names([path.at(-1)])?.[0] === key && column === (target?.name ?? key)
  })
}
