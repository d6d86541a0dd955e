import * as queries from './catalog-queries.js'
import { buildRelations, type ColumnRow, type KeyRow, type RelationRow } from './catalog-relations.js'
import {
  buildFunctions,
  buildOperators,
  buildTypes,
  type FunctionRow,
  type OperatorRow,
  type TypeRow,
} from './catalog-routines.js'
import type { UserCast } from './functions.js'
import type { Snapshot } from './snapshot.js'
import { proveViews } from './view/prove.js'
import type { ViewRules } from './view/rules.js'

/** Runs one statement on one and the same connection each time. */
export type CatalogQuery = (sql: string) => Promise<{ readonly rows: readonly object[] }>

export interface IntrospectOptions {
  readonly previousGeneration: number
  /** The rules for proving views, given the schema with no view proven yet. */
  readonly viewRules: (schema: Snapshot) => ViewRules
}

/**
 * Reads the whole schema in one read-only transaction, so that its parts belong together.
 *
 * The connection must not be in a transaction; it is left as it was found.
 */
export async function introspect(query: CatalogQuery, options: IntrospectOptions): Promise<Snapshot> {
  await query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  try {
    await query('SET LOCAL search_path TO pg_catalog, pg_temp')
    // compiling these queries takes seconds, running them milliseconds
    await query('SET LOCAL jit TO off')
    return await read(query, options)
  } finally {
    await query('ROLLBACK')
  }
}

async function read(query: CatalogQuery, options: IntrospectOptions): Promise<Snapshot> {
  const rows = async <Row>(sql: string) => (await query(sql)).rows as readonly Row[]
  const [server] = await rows<ServerRow>(queries.SERVER)
  if (server !== undefined) requireUtf8(server)
  const schemas = await rows<{ readonly name: string }>(queries.SCHEMAS)
  const extensions = await rows<{ readonly name: string }>(queries.EXTENSIONS)
  const relationRows = await rows<RelationRow>(queries.RELATIONS)
  const relations = buildRelations(relationRows, {
    columns: await rows<ColumnRow>(queries.COLUMNS),
    uniqueKeys: await rows<KeyRow>(queries.UNIQUE_KEYS),
    foreignKeys: await rows(queries.FOREIGN_KEYS),
    parents: await rows(queries.PARENTS),
  })
  const schema: Snapshot = {
    generation: options.previousGeneration + 1,
    serverVersion: server?.version ?? 0,
    relations,
    schemas: new Set(schemas.map((schema) => schema.name)),
    extensions: new Set(extensions.map((extension) => extension.name)),
    functions: buildFunctions(await rows<FunctionRow>(queries.FUNCTIONS)),
    operators: buildOperators(await rows<OperatorRow>(queries.OPERATORS)),
    casts: await rows<UserCast>(queries.CASTS),
    types: buildTypes(await rows<TypeRow>(queries.TYPES)),
  }
  return { ...schema, relations: proveViews(relations, definitions(relationRows), options.viewRules(schema)) }
}

interface ServerRow {
  readonly version: number
  readonly encoding: string
}

/** A server of another encoding cuts and folds long names elsewhere than the parser does: two names could become one. */
function requireUtf8({ encoding }: ServerRow): void {
  if (encoding === 'UTF8') return
  throw new UnsupportedDatabase(
    `the database's server_encoding is ${encoding}: the gateway guards databases of encoding UTF8 only`,
  )
}

/** A database that the gateway can't guard; the message is for whoever started it. */
export class UnsupportedDatabase extends Error {
  readonly code = 'UNSUPPORTED_DATABASE'
}

/** Definitions of views by their OID; a view that was dropped meanwhile has none. */
function definitions(rows: readonly RelationRow[]): ReadonlyMap<number, string> {
  return new Map(rows.flatMap((row) => (row.definition === null ? [] : [[row.oid, row.definition] as const])))
}
