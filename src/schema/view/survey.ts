import { relationKey } from '../relation.js'
import type { ProofContext } from './prove.js'
import { isConstant, totalQuery } from './total.js'
import { type Fields, fields, names, node, text, walk } from './tree.js'

/** What a definition reads and calls, whatever the place. */
export interface Survey {
  /** Keys of relations and views, those of the views' own definitions included. */
  readonly reads: readonly string[]
  /** It runs code that the rules don't know to be harmless. */
  readonly denied: boolean
  readonly total: boolean
  /** Each relation is read where a filter from outside reaches it: no CTE, no view over several relations. */
  readonly reachable: boolean
}

export function survey(query: Fields, context: ProofContext): Survey {
  const ctes = new Set<string>()
  const reads = new Set<string>()
  let denied = false
  walk(query, ({ kind, fields: found }) => {
    if (kind === 'CommonTableExpr') ctes.add(text(found.ctename))
    denied ||= runsUnknownCode(kind, found, context)
    return true
  })
  walk(query, ({ kind, fields: found }) => {
    if (kind === 'RangeVar') for (const key of relationsOf(found, { ctes, context })) reads.add(key)
    return true
  })
  const views = [...reads].flatMap((key) => context.proof(key) ?? [])
  return {
    reads: [...reads],
    denied,
    total: views.every((view) => view.total) && totalQuery(query, context.rules),
    reachable: ctes.size === 0 && views.every((view) => view.single),
  }
}

function relationsOf(
  range: Fields,
  { ctes, context }: { readonly ctes: ReadonlySet<string>; readonly context: ProofContext },
): readonly string[] {
  const schema = text(range.schemaname)
  const name = text(range.relname)
  if (schema === '' && ctes.has(name)) return []
  const key = relationKey(schema === '' ? 'pg_catalog' : schema, name)
  return [key, ...(context.proof(key)?.reads ?? [])]
}

function runsUnknownCode(kind: string, found: Fields, context: ProofContext): boolean {
  switch (kind) {
    case 'FuncCall':
      return callDenied(found.funcname, context)
    case 'A_Expr':
      return !isBuiltin(found.name)
    case 'CollateClause':
      return !isBuiltin(found.collname)
    case 'TypeCast':
      return castDenied(found)
    case 'A_ArrayExpr':
      return !isConstant({ kind, fields: found })
    default:
      return false
  }
}

/**
 * Casts to arrays, like array constructors, may fail and cost less than a pin, so no pin would come before them.
 *
 * Source   PostgreSQL src/backend/optimizer/path/costsize.c (cost_qual_eval_walker)
 */
function castDenied(cast: Fields): boolean {
  const type = fields(cast.typeName)
  const isPlain = isBuiltin(type.names) && type.arrayBounds === undefined
  return !isPlain && !isConstant(node(cast.arg))
}

function callDenied(name: unknown, context: ProofContext): boolean {
  const path = names(name)
  const schema = path.length === 1 ? 'pg_catalog' : (path[0] ?? '')
  return context.rules.functionAccess(schema, path.at(-1) ?? '') === 'denied'
}

/** Under the search path of introspection an unqualified name is pg_catalog's. */
function isBuiltin(name: unknown): boolean {
  const path = names(name)
  return path.length === 1 || path[0] === 'pg_catalog'
}
