import type {
  ColumnRef,
  CommonTableExpr,
  CopyStmt,
  DeleteStmt,
  ExplainStmt,
  FuncCall,
  InsertStmt,
  JoinExpr,
  MergeStmt,
  Node,
  RangeVar,
  SelectStmt,
  UpdateStmt,
} from '@pgsql/types'
import type { Access } from '../../policy/decide.js'
import type { Column, Relation } from '../../schema/relation.js'
import type { Effect } from '../compiled.js'

/** A place in the text where a relation is named, and what the name means there. */
export interface RelationSite {
  readonly use: 'read' | 'insert' | 'update' | 'delete' | 'merge' | 'lock' | 'like' | 'copy' | 'copy from'
  readonly rangeVar: RangeVar
  /** Under TABLESAMPLE, whose clause belongs to the guarded span. */
  readonly isSampled: boolean
  /** Its place among the relations of its own FROM clause, from 1: equal subqueries get equal text. */
  readonly ordinal: number
  readonly schema: string
  readonly name: string
  readonly access: Access
  /** Null for system relations. */
  readonly relation: Relation | null
}

/** Where the value of an output column comes from, as far as the stamping of INSERT needs to know. */
export type Origin =
  | { readonly kind: 'column'; readonly site: RelationSite; readonly column: string }
  | { readonly kind: 'other' }

export interface Output {
  readonly name: string | null
  readonly origin: Origin
}

/** One name of a FROM list; `columns` is null where they are not known. */
export interface Range {
  readonly name: string | null
  /** The relation itself, where the name is one. */
  readonly site?: RelationSite
  readonly columns: readonly Output[] | null
}

/** A name that may be called, and where it stands. */
export interface FunctionSite {
  readonly parts: readonly string[]
  readonly location: number
  /** `x.f` or `(x).f`: a column of that name comes first, so it only counts where the name is a function that is denied. */
  readonly isNotation: boolean
  /** The x of `x.f`, where it is one name; null for `(x).f` and longer ones. */
  readonly qualifier: string | null
}

/** What a column is matched with. */
export interface PatternSite {
  readonly kind: 'like' | 'like any' | 'jsonpath'
  readonly value: Node | undefined
  readonly pattern: Node | undefined
  readonly location: number
}

export interface NameSite {
  readonly parts: readonly string[]
  readonly location: number
}

export type InsertSite = {
  readonly kind: 'insert'
  readonly statement: InsertStmt
  readonly target: RelationSite
  /** The WITH queries that the statement's values can name. */
  readonly ctes: CteScope | null
}
export type UpdateSite = {
  readonly kind: 'update'
  readonly statement: UpdateStmt
  readonly target: RelationSite
  readonly ctes: CteScope | null
}
export type DeleteSite = {
  readonly kind: 'delete'
  readonly statement: DeleteStmt
  readonly target: RelationSite
}
export type MergeSite = {
  readonly kind: 'merge'
  readonly statement: MergeStmt
  readonly target: RelationSite
  readonly ctes: CteScope | null
}
/** A COPY of a whole relation to the client. */
export type CopySite = { readonly statement: CopyStmt; readonly source: RelationSite }
/** A COPY of rows from the client. */
export type LoadSite = { readonly statement: CopyStmt; readonly target: RelationSite }
export type WriteSite = InsertSite | UpdateSite | DeleteSite | MergeSite

/** A setting that a statement reads or writes. */
export interface SettingSite {
  readonly name: string
  readonly access: 'set' | 'show'
  readonly value: string | null
  readonly location: number
}

/** A channel that a statement of its own names. */
export interface ChannelSite {
  readonly use: 'listen' | 'notify' | 'unlisten'
  readonly name: string
}

/** Everything that the names of one statement mean. */
export interface Resolution {
  readonly relations: RelationSite[]
  readonly writes: WriteSite[]
  readonly copies: CopySite[]
  readonly loads: LoadSite[]
  readonly functions: FunctionSite[]
  readonly operators: NameSite[]
  readonly patterns: PatternSite[]
  /** The columns that stand beside an operator. */
  readonly comparisons: { readonly operands: readonly ColumnRef[]; readonly location: number }[]
  /** System columns without a qualifier, which can't be seen through a guard: where one stands, and of which relation. */
  readonly systemColumns: { readonly location: number; readonly site: RelationSite }[]
  readonly types: NameSite[]
  readonly settings: SettingSite[]
  readonly effects: Effect[]
  /** SELECTs with a row locking clause: readers may not lock. */
  readonly locking: SelectStmt[]
  /** The calls of set_config() that stand where their effect can be followed. */
  readonly trackedCalls: Set<FuncCall>
  /** The calls whose key or channel is made the tenant's own. */
  readonly namespacedCalls: FuncCall[]
  /** The channels that LISTEN, NOTIFY and UNLISTEN name. */
  readonly channels: ChannelSite[]
  /** For each join by USING or NATURAL the pairs of columns it compares; null where they aren't known. */
  readonly merges: Map<JoinExpr, readonly (readonly [Column, Column])[] | null>
  /** Every name that any FROM clause, target or alias of the statement brings. */
  readonly ranges: Range[]
  /** Column references that are known to be a relation's column, whatever queries lie between. */
  readonly columns: Map<ColumnRef, Column>
  /** The outputs of each plain SELECT or VALUES; null where `*` could not be expanded. */
  readonly outputs: Map<SelectStmt, readonly Output[] | null>
  /** EXPLAIN statements, whose options the policy judges. */
  readonly explains: ExplainStmt[]
  /** Whether the statement is RESET search_path, which the server sees as SET. */
  resetsSearchPath: boolean
  /** What CREATE and DROP of temporary tables are called, for logins that may not. */
  readonly temporary: string[]
  /** The prepared statement that is run, by SQL. */
  executes: string | null
  /** The relations of TABLE commands, whose keyword is replaced. */
  readonly tableCommands: RangeVar[]
}

/** Names in force at a place of the text; immutable, linked from inside out. */
export interface Scope {
  readonly ctes: CteScope | null
  readonly ranges: RangeScope | null
}

export interface CteScope {
  readonly name: string
  readonly columns: readonly Output[] | null
  readonly query: CommonTableExpr
  readonly outer: CteScope | null
}

export interface RangeScope {
  readonly ranges: readonly Range[]
  readonly outer: RangeScope | null
}

/** The mutually recursive parts of the resolver, each in a file of its own. */
export interface Resolver {
  readonly resolution: Resolution
  select(statement: SelectStmt, scope: Scope): readonly Output[] | null
  statement(node: unknown, scope: Scope): readonly Output[] | null
  /** Any node that stands where a value may stand. */
  expression(node: unknown, scope: Scope): void
  from(items: readonly unknown[] | undefined, scope: Scope): FromList
  relation(rangeVar: RangeVar, use: RelationSite['use'], isSampled: boolean): RelationSite
}

/** What a FROM clause brings into scope. */
export interface FromList {
  readonly ranges: readonly Range[]
  /** False where `*` is not simply the ranges' columns in order: NATURAL, USING. */
  readonly expandable: boolean
}
