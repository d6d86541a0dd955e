import { GatewayError } from '../../core/errors.js'
import type { Access } from '../../policy/decide.js'
import { quoteIdentifier } from '../identifier.js'
import type { RelationSite } from '../resolve/resolution.js'
import type { ScopeContext } from './context.js'
import type { Piece } from './edit.js'
import { pin } from './pin.js'

/** How the rows of a relation are tied to the tenant's, where they have no tenant column. */
export type Via = Extract<Access, { kind: 'via' }>

/** The name of what we write for a relation; unlike the numbers of other relations in its FROM. */
export function guardName(site: RelationSite, context: ScopeContext): string {
  return `${context.aliasPrefix}${site.ordinal}`
}

/** Shape    EXISTS (SELECT FROM public.orders AS _tg2 WHERE _tg2.id OPERATOR(pg_catalog.=) i.order_id AND _tg2.tenant_id OPERATOR(pg_catalog.=) 'acme') */
export function viaCondition(
  reference: string,
  site: RelationSite & { readonly access: Via },
  context: ScopeContext,
): readonly Piece[] {
  return ['EXISTS (', ...parentQuery(reference, site, context), ')']
}

/** The tenant's parent row of a key. */
export function parentQuery(
  reference: string,
  site: RelationSite & { readonly access: Via },
  context: ScopeContext,
): readonly Piece[] {
  const { schema, name, column } = site.access.references
  const parentColumn = context.tenantColumnOf(schema, name)
  if (parentColumn === null)
    throw new GatewayError(
      'RELATION_DENIED',
      { relation: site.name },
      { hint: 'The relation it is tied to is no tenant relation.' },
    )
  const parent = guardName(site, context)
  const strength = context.strength === 'plain' ? 'plain' : 'firm'
  return [
    `SELECT FROM ${quoteIdentifier(schema)}.${quoteIdentifier(name)} AS ${parent} WHERE ${parent}.${quoteIdentifier(column)} OPERATOR(pg_catalog.=) ${reference} AND `,
    ...pin(`${parent}.${quoteIdentifier(parentColumn)}`, strength),
  ]
}
