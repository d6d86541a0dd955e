import { quoteIdentifier } from '../identifier.js'
import { unsupported } from '../refusals.js'
import type { RelationSite } from '../resolve/resolution.js'
import type { ScopeContext } from './context.js'
import { type Edit, insert, type Piece } from './edit.js'
import { columnReference, pin, type Strength } from './pin.js'
import { type RelationSpan, relationSpan } from './span.js'
import { guardName, viaCondition } from './via.js'

/**
 * Narrows one relation of a FROM to the tenant.
 *
 * A join with a relation of no columns means the same under every kind of join, adds nothing to `*`,
 * and keeps ctid, row references and functional dependency.
 *
 * Shape    orders o  →  (public.orders o JOIN (SELECT) AS _tg1 ON o.tenant_id OPERATOR(pg_catalog.=) 'acme')
 */
export function guardRead(site: RelationSite, context: ScopeContext): readonly Edit[] {
  const span = relationSpan(context.tokens, site.rangeVar, site.isSampled)
  const condition = guardCondition(site, context)
  if (condition === null) return qualify(site, span)
  if (needsFence(site, context.strength)) return fence(site, span, context)
  return [
    insert(span.start, '('),
    ...qualify(site, span),
    insert(span.end, ` JOIN (SELECT) AS ${guardName(site, context)} ON `, ...condition, ')'),
  ]
}

/** A firm pin has to reach the one scan that the rows come from: a semi-join and a view of several scans have no such pin. */
export function needsFence(site: RelationSite, strength: Strength): boolean {
  if (site.access.kind === 'empty' || strength === 'plain') return false
  return strength === 'fence' || site.access.kind === 'via' || site.relation?.view?.single === false
}

/** Writes the schema in front of a name that has none; nothing may depend on the server's search path. */
export function qualify(site: RelationSite, span: RelationSpan): readonly Edit[] {
  return site.rangeVar.schemaname === undefined ? [insert(span.name, `${quoteIdentifier(site.schema)}.`)] : []
}

export function guardCondition(site: RelationSite, context: ScopeContext): readonly Piece[] | null {
  const { access } = site
  switch (access.kind) {
    case 'tenant':
      return pin(columnReference(site, access.column), context.strength)
    case 'via':
      return viaCondition(columnReference(site, access.column), { ...site, access }, context)
    case 'empty':
      return ['false']
    default:
      return null
  }
}

/**
 * Narrows one relation behind a wall that the planner moves nothing through, for filters that could fail before any pin.
 *
 * Shape    orders AS o (a, b)  →  (SELECT * FROM public.orders WHERE orders.tenant_id OPERATOR(pg_catalog.=) ANY ('{acme}') OFFSET 0) AS o (a, b)
 */
function fence(site: RelationSite, span: RelationSpan, context: ScopeContext): readonly Edit[] {
  if (site.isSampled) {
    throw unsupported('sampledFence')
  }
  const { alias: _alias, ...bare } = site.rangeVar
  const inner: RelationSite = { ...site, rangeVar: bare }
  const condition = guardCondition(inner, context) ?? []
  const name = site.rangeVar.alias === undefined ? ` AS ${quoteIdentifier(site.name)}` : ''
  return [
    insert(span.start, '(SELECT * FROM '),
    ...qualify(site, span),
    insert(span.expressionEnd, ' WHERE ', ...condition, ` OFFSET 0)${name}`),
  ]
}
