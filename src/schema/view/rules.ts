import type { Relation } from '../relation.js'

/** How a base relation carries its tenant, as far as proving a view needs to know. */
export type Tenancy =
  | { readonly kind: 'tenant'; readonly column: string }
  | {
      readonly kind: 'via'
      readonly column: string
      /** A `relationKey` and the key column there. */
      readonly references: string
      readonly referencedColumn: string
    }
  | { readonly kind: 'none' }

/** What a proof needs from outside the schema: the parser, and what the policy calls tenant and total. */
export interface ViewRules {
  /** PostgreSQL's own parse tree of a text (libpg-query's ParseResult); throws on a syntax error. */
  readonly parse: (text: string) => unknown
  readonly tenancy: (relation: Relation) => Tenancy
  /** A function by its schema and name; `total`: it can't fail on a row's value. */
  readonly functionAccess: (schema: string, name: string) => 'total' | 'allowed' | 'denied'
  /** Whether no overload of a pg_catalog operator can fail on a row's value. */
  readonly totalOperator: (name: string) => boolean
}
