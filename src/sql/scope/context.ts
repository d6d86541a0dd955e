import type { InsertStmt } from '@pgsql/types'
import type { Column } from '../../schema/relation.js'
import type { TenantCheck } from '../compiled.js'
import type { Tokens } from '../lexer.js'
import type { RelationSite, Resolution } from '../resolve/resolution.js'
import type { Strength } from './pin.js'

/** What the rules know of the statement they work on. */
export interface ScopeContext {
  readonly tokens: Tokens
  readonly resolution: Resolution
  readonly strength: Strength
  readonly searchPath: readonly string[]
  /** Whether the session has statements that were prepared by SQL. */
  readonly hasPrepared: boolean
  /** Collects what has to hold before the statement may run. */
  readonly checks: TenantCheck[]
  /** Collects what of the client's text will stand in the scoped text twice. */
  readonly repeated: string[]
  /** The prefix of our aliases, one that the client's text doesn't contain. */
  readonly aliasPrefix: string
  /** The tenant column of a relation, null where it isn't a tenant relation. */
  tenantColumnOf(schema: string, name: string): string | null
  /** A place, not written in the text, where a relation with rows of the tenant is read; null for any other relation. */
  siteOf(key: string, ordinal: number): RelationSite | null
  /** Whether a parameter surely has a column's type, so that its bytes mean what they say. */
  hasTypeOf(parameter: number, column: Column): boolean
  /** Whether a parameter surely is text: declared so, or standing in patterns alone, which gives it that type. */
  isText(parameter: number): boolean
  /** In how many places a parameter stands. */
  usesOf(parameter: number): number
  /** In how many places a parameter without a declared type stands without a cast. */
  bareUsesOf(parameter: number): number
  /** The error field `P` for a byte of the client's text. */
  position(byteOffset: number | undefined): number
}

/** An INSERT under work: its target's tenant column, and where the tokens behind the target begin. */
export interface Stamping {
  /** The column list and the rows are what an action of MERGE has too. */
  readonly statement: Pick<InsertStmt, 'cols' | 'selectStmt'>
  readonly target: RelationSite
  readonly column: string
  /** Absolute type of the tenant column. */
  readonly type: string
  /** The index of the token behind the target and its alias. */
  readonly after: number
}
