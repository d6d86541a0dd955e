import type { TenantId } from '../core/ids.js'
import type { Policy } from '../policy/policy.js'
import type { Snapshot } from '../schema/snapshot.js'
import type { ScopedKind } from '../tenants/login.js'
import type { PatternRule } from './pattern-text.js'

declare const verified: unique symbol
/**
 * Scoped text, UTF-8 without a closing NUL, that passed `verify` and carries its tenant.
 *
 * The only thing `upstream` takes from a client's text; only `sql/` makes one.
 */
export type VerifiedSql = Buffer & { readonly [verified]: true }

/** Everything a compilation depends on beside the text; all of it is in the plan's key. */
export interface CompileContext {
  readonly snapshot: Snapshot
  readonly policy: Policy
  readonly kind: ScopedKind
  /** The session's own search path, in force for this text. */
  readonly searchPath: readonly string[]
  /** The type OIDs that Parse declared, 0 for none; empty for the simple protocol. */
  readonly parameterTypes: readonly number[]
  /** 'extended': at most one statement. */
  readonly protocol: 'simple' | 'extended'
  /** The session's temporary tables: their names come before all others. */
  readonly temporaries: readonly string[]
  /** Whether the session has statements that were prepared by SQL, which only the server knows. */
  readonly hasPrepared: boolean
}

/** Of a session that has made nothing yet. */
export const NOTHING_HELD: Pick<CompileContext, 'temporaries' | 'hasPrepared'> = {
  temporaries: [],
  hasPrepared: false,
}

/**
 * What a server connection keeps for its session beyond a transaction: while a session has any, the connection is its own.
 *
 * lock: an advisory lock of the session; statement: one prepared by SQL; cursor: one WITH HOLD.
 */
export type HeldKind = 'channel' | 'cursor' | 'lock' | 'statement' | 'table'

/**
 * What a statement does to the session once the server has completed it.
 *
 * `set`: `value` null is DEFAULT/RESET; `local` lasts until the end of the transaction; `byCall`: when a call of set_config()
 * runs, of which nobody sees how often that is, and when: a portal may be fetched from, later, or again.
 * `hold`: `local` likewise. `let-go`: `name` null is all of the kind. `discard-all`: of all kinds, and more.
 */
export type Effect =
  | { readonly kind: 'begin' }
  | { readonly kind: 'commit' }
  | { readonly kind: 'rollback' }
  | { readonly kind: 'savepoint'; readonly name: string }
  | { readonly kind: 'release'; readonly name: string }
  | { readonly kind: 'rollback-to'; readonly name: string }
  | {
      readonly kind: 'set'
      readonly name: string
      readonly value: string | null
      readonly local: boolean
      readonly byCall?: true
    }
  | { readonly kind: 'reset-all' }
  | { readonly kind: 'hold'; readonly held: HeldKind; readonly name: string; readonly local: boolean }
  | { readonly kind: 'let-go'; readonly held: HeldKind; readonly name: string | null }
  | { readonly kind: 'discard-all' }

/**
 * A value of the client's that must be the tenant before the statement may run.
 *
 * `pattern`: `$number` as well, a pattern that must not fail on a value; text or binary look the same.
 * `parameter`: `$number`, looked at in each Bind, text or binary; `literal`: looked at once per tenant.
 */
export type TenantCheck =
  | { readonly kind: 'parameter'; readonly number: number; readonly relation: string; readonly type: string }
  | { readonly kind: 'pattern'; readonly number: number; readonly rule: PatternRule }
  | { readonly kind: 'literal'; readonly value: string; readonly relation: string; readonly type: string }

/**
 * How the rows of a COPY … FROM STDIN are written, and where the tenant stands in them.
 *
 * `delimiter`, `quote`, `escape`: one ASCII character each; `quote` and `escape` mean something in CSV only.
 */
export interface CopyIn {
  readonly format: 'text' | 'csv' | 'binary'
  readonly delimiter: string
  readonly quote: string
  readonly escape: string
  readonly nullText: string
  /** What stands for a column's default; null where nothing does. */
  readonly defaultText: string | null
  /** The first line is a header. */
  readonly header: boolean
  /** Whether the server ends CSV at a line of `\.`. */
  readonly endMarker: boolean
  readonly relation: string
  /** The tenant column, and its absolute type. */
  readonly column: string
  readonly type: string
  /**
   * append: the client's rows lack the tenant, who becomes their last field; check: it is the field `index`.
   *
   * none: they go into a table of the session's own, as they are; `fields` and `index` are 0.
   */
  readonly tenant: 'append' | 'check' | 'none'
  /** Of the rows as the server gets them. */
  readonly fields: number
  readonly index: number
}

/** One statement of a text, compiled for every tenant at once. */
export interface CompiledStatement {
  /** For messages and metrics: `SELECT`, `INSERT`, `BEGIN`, … */
  readonly command: string
  readonly effects: readonly Effect[]
  /** The command tag to show the client instead of the server's, where the text was turned into another command: `SHOW`. */
  readonly tag: string | null
  /** The kind of pin its relations carry; null where it reads no tenant relation. */
  readonly pin: 'plain' | 'firm' | null
  /** The prepared statement that it runs, by SQL: the session has to have it. */
  readonly executes?: string
  /** The denied relation that a COPY … TO STDOUT names, and gives no row of: the client is told. */
  readonly withheld?: string
  /** Of a COPY … FROM STDIN only: what its rows have to go through. */
  readonly copyIn?: CopyIn
}

/** A text, compiled for every tenant at once: `bind` makes it one tenant's. */
export interface CompiledText {
  /** In order; empty for a text of comments and semicolons. */
  readonly statements: readonly CompiledStatement[]
  readonly checks: readonly TenantCheck[]
  /**
   * The scoped text of one tenant (several for an analyst), remembered per tenant.
   *
   * Throws   TENANT_MISMATCH where a literal of the text names another tenant
   */
  bind(tenants: readonly TenantId[]): VerifiedSql
  /**
   * Where a character of the scoped text stood in the client's text.
   *
   * Units    1-based characters (code points), as the error field `P`; text we inserted maps to the character it precedes
   */
  originalPosition(tenants: readonly TenantId[], position: number): number
  /** Whether a literal of it may mean the moment in which it is parsed. */
  readonly namesMoment: boolean
  /** How often it was found in the plan cache; the session names a server-side statement only from the second use on. */
  uses: number
}

/** Compiles a text or throws a GatewayError with a position; pure and synchronous. `app.ts` hands the session one of these. */
export interface Compiler {
  /** `text` without the closing NUL. */
  compile(text: Buffer, context: CompileContext): CompiledText
}
