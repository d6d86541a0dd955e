import { quoteIdentifier } from '../identifier.js'
import type { RelationSite } from '../resolve/resolution.js'
import type { ScopeContext } from './context.js'
import { type Edit, type Piece, replace } from './edit.js'
import { guardCondition } from './guard-read.js'
import { relationSpan } from './span.js'
import { guardName } from './via.js'

/**
 * A sequence counts for all tenants; one who reads it sees what it would be if it had counted for that tenant alone: the greatest
 * value in the column it belongs to, or its start.
 *
 * Shape    public.orders_id_seq  →  (SELECT COALESCE(own.last, pg_sequence.seqstart) AS last_value, 0::pg_catalog.int8 AS log_cnt,
 *          own.last IS NOT NULL AS is_called FROM pg_catalog.pg_sequence, (SELECT pg_catalog.max(orders.id) AS last FROM <guarded orders>) AS own
 *          WHERE pg_sequence.seqrelid OPERATOR(pg_catalog.=) 16390) AS orders_id_seq
 */
export function sequenceStandIn(site: RelationSite, context: ScopeContext): readonly Edit[] {
  const span = relationSpan(context.tokens, site.rangeVar, false)
  const own = ownValues(site, context)
  const [last, called, source] =
    own === null
      ? ['pg_sequence.seqstart', 'false', []]
      : [
          'COALESCE(own.last, pg_sequence.seqstart)',
          'own.last IS NOT NULL',
          [', (SELECT ', ...own, ') AS own'],
        ]
  const name = site.rangeVar.alias === undefined ? ` AS ${quoteIdentifier(site.name)}` : ''
  return [
    replace(
      span.start,
      span.expressionEnd,
      `(SELECT ${last} AS last_value, 0::pg_catalog.int8 AS log_cnt, ${called} AS is_called FROM pg_catalog.pg_sequence`,
      ...source,
      ` WHERE pg_sequence.seqrelid OPERATOR(pg_catalog.=) ${site.relation?.oid ?? 0})${name}`,
    ),
  ]
}

/** `pg_catalog.max(orders.id) AS last FROM <guarded orders>`; null where the sequence counts no column that the tenant has rows with. */
function ownValues(site: RelationSite, context: ScopeContext): readonly Piece[] | null {
  const { counts } = site.relation ?? {}
  const counted = counts === undefined ? null : context.siteOf(counts.relation, site.ordinal)
  if (counts === undefined || counted === null) return null
  const column = `${quoteIdentifier(counted.name)}.${quoteIdentifier(counts.column)}`
  const name = `${quoteIdentifier(counted.schema)}.${quoteIdentifier(counted.name)}`
  const condition = guardCondition(counted, context)
  const relation: readonly Piece[] =
    condition === null
      ? [name]
      : [`(${name} JOIN (SELECT) AS ${guardName(counted, context)} ON `, ...condition, ')']
  return [`pg_catalog.max(${column}) AS last FROM `, ...relation]
}
