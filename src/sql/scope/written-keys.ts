import { unsupported } from '../refusals.js'
import type { CteScope, Output, RelationSite, WriteSite } from '../resolve/resolution.js'
import type { ScopeContext } from './context.js'
import type { Via } from './via.js'

/** A WITH query that returns the keys of parent rows it wrote: no other part of the statement sees those rows. */
export interface WrittenKey {
  readonly query: string
  readonly column: string
}

type Target = RelationSite & { readonly access: Via }

/**
 * The keys of parents that the statement itself makes, as far as they can be asked for.
 *
 * Throws   UNSUPPORTED_CONSTRUCT where it writes parents whose keys can't
 */
export function writtenKeys(
  target: Target,
  ctes: CteScope | null,
  context: ScopeContext,
): readonly WrittenKey[] {
  const found = visible(ctes).flatMap((cte) => keyOf(cte, target))
  const unseen = context.resolution.writes.find(
    (site) => makesParents(site, target) && found.every((key) => key.site !== site.target),
  )
  if (unseen === undefined) return found.map(({ query, column }) => ({ query, column }))
  const { name: parent, column: key } = target.access.references
  throw unsupported('tiedParent', {
    position: context.position(unseen.target.rangeVar.location),
    about: { parent, key, relation: target.name },
  })
}

function makesParents({ kind, target }: WriteSite, { access: { references } }: Target): boolean {
  return kind !== 'delete' && target.schema === references.schema && target.name === references.name
}

/** The WITH queries that no inner one of the same name hides. */
function visible(ctes: CteScope | null): readonly CteScope[] {
  const found = new Map<string, CteScope>()
  for (let at = ctes; at !== null; at = at.outer) if (!found.has(at.name)) found.set(at.name, at)
  return [...found.values()]
}

function keyOf(
  cte: CteScope,
  { access: { references } }: Target,
): readonly (WrittenKey & { readonly site: RelationSite })[] {
  if (!returnsItsTarget(cte)) return []
  const columns = cte.columns ?? []
  return columns.flatMap(({ name, origin }: Output) => {
    if (origin.kind !== 'column' || name === null || origin.column !== references.column) return []
    const { site } = origin
    const isParent = site.schema === references.schema && site.name === references.name
    const isOnly = columns.filter((column) => column.name === name).length === 1
    return isParent && isOnly ? [{ query: cte.name, column: name, site }] : []
  })
}

/** INSERT and UPDATE of one relation, with the names that RETURNING gives. */
function returnsItsTarget({ query }: CteScope): boolean {
  const { ctequery, aliascolnames, search_clause, cycle_clause } = query
  if (aliascolnames !== undefined || search_clause !== undefined || cycle_clause !== undefined) return false
  if (ctequery === undefined) return false
  return (
    'InsertStmt' in ctequery || ('UpdateStmt' in ctequery && ctequery.UpdateStmt.fromClause === undefined)
  )
}
