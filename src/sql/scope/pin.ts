import type { RangeVar } from '@pgsql/types'
import { invariant } from '../../core/invariant.js'
import { quoteIdentifier } from '../identifier.js'
import { strings } from '../resolve/outputs.js'
import type { RelationSite } from '../resolve/resolution.js'
import { LIST, ONE, type Piece } from './edit.js'

/**
 * How a statement's pins are written.
 *
 * plain: an equality, which keeps the order that an index on (tenant_id, …) gives. firm: a one-element ANY, which no filter
 * can be moved in front of. fence: firm, inside a subquery that no filter can enter.
 */
export type Strength = 'plain' | 'firm' | 'fence'

/** `reference OPERATOR(pg_catalog.=) 'tenant'`, plain or firm. */
export function pin(reference: string, strength: Strength): readonly Piece[] {
  return strength === 'plain'
    ? [`${reference} OPERATOR(pg_catalog.=) '`, ONE, "'"]
    : [`${reference} OPERATOR(pg_catalog.=) ANY ('{`, LIST, "}')"]
}

/** The name by which a relation's columns are reached inside its own place of the text. */
export function qualifier(rangeVar: RangeVar): string {
  return quoteIdentifier(rangeVar.alias?.aliasname ?? rangeVar.relname ?? '')
}

/** A column of a relation as its alias's column list may have renamed it. */
export function columnReference(site: RelationSite, column: string): string {
  const index = site.relation?.columns.findIndex((candidate) => candidate.name === column) ?? -1
  invariant(index >= 0, 'the column that ties a relation to its tenant exists')
  const renamed = strings(site.rangeVar.alias?.colnames)[index]
  return `${qualifier(site.rangeVar)}.${quoteIdentifier(renamed ?? column)}`
}
