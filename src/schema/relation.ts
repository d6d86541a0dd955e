export type RelationKind =
  | 'table'
  | 'partitioned table'
  | 'view'
  | 'materialized view'
  | 'foreign table'
  | 'sequence'
  | 'composite type'

/** A column as the server's parser sees it, dropped ones left out. */
export interface Column {
  readonly name: string
  /** Absolute SQL text of the type without modifier: `pg_catalog.int4`, `public."Mood"`, `pg_catalog.text[]`. */
  readonly type: string
  readonly typeOid: number
  /** `pg_type.typtype`, of the element type for arrays. */
  readonly typeKind: 'base' | 'composite' | 'domain' | 'enum' | 'range' | 'multirange' | 'pseudo'
  /** Whether the type (element type for arrays) lives in pg_catalog. */
  readonly builtinType: boolean
  readonly notNull: boolean
  readonly hasDefault: boolean
  readonly generated: boolean
  /** Generated when it is read: wherever its name stands, its expression is evaluated. */
  readonly virtual: boolean
  /** Whether text in it compares by the database's default collation; true for types without one. */
  readonly defaultCollation: boolean
  /** Whether a tenant's id in it equals no other id: by its type, whatever domains lie over it, and by its collation. */
  readonly exact: boolean
  readonly identity: 'always' | 'by default' | null
}

export interface ForeignKey {
  readonly name: string
  readonly columns: readonly string[]
  /** A `relationKey`. */
  readonly references: string
  readonly referencedColumns: readonly string[]
  /** Whether it is known to hold for every row: a NOT VALID or NOT ENFORCED one says nothing about rows that were there before. */
  readonly validated: boolean
  /** INITIALLY DEFERRED: checked at commit. */
  readonly deferred: boolean
  /** ON UPDATE CASCADE: its columns follow the key that they refer to. */
  readonly cascades: boolean
  /** SET DEFAULT: its columns may get their defaults, when the row goes that they refer to, or its key changes. */
  readonly resets: boolean
  /** Whether a value that equals a referenced key is stored as it is: no length or precision of the column makes another of it. */
  readonly exact: boolean
}

/** Anything that a FROM clause may name outside the system schemas. */
export interface Relation {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly kind: RelationKind
  /** The extension it belongs to, if any. */
  readonly extension: string | null
  /** In the order of `attnum`. */
  readonly columns: readonly Column[]
  readonly primaryKey: readonly string[] | null
  /** Unique constraints and unique indexes without predicate or expression, the primary key among them. */
  readonly uniqueKeys: readonly (readonly string[])[]
  readonly foreignKeys: readonly ForeignKey[]
  /** For the sequence of a serial or identity column: that column. */
  readonly counts?: { readonly relation: string; readonly column: string }
  /** Keys of the direct parents by inheritance or partitioning. */
  readonly parents: readonly string[]
  /** For views: what introspection could prove about the tenant column; null for every other kind. */
  readonly view: ViewProof | null
}

/** What a view's definition says about the tenants whose rows it shows. */
export interface ViewProof {
  /**
   * The view's columns that are, unchanged and in every row, the tenant column of a base relation to whose tenant
   * everything else that the view reads is tied; each with that relation's key and column. Empty: nothing proven.
   */
  readonly columns: ReadonlyMap<string, { readonly relation: string; readonly column: string }>
  /** Keys of every base relation and view the definition reads, at any depth. */
  readonly reads: readonly string[]
  /** False where the definition has anything but columns, constants and total functions and operators: it could fail on another tenant's row. */
  readonly total: boolean
  /**
   * Whether a pin outside is evaluated on the one scan the view consists of, before any filter beside it.
   *
   * Where it isn't, a firm pin reaches one of several scans only: a firm statement must fence the view.
   */
  readonly single: boolean
}

/** A relation's key in every map: both parts as the catalog spells them, joined by a NUL, which no name contains. */
export function relationKey(schema: string, name: string): string {
  return `${schema}\0${name}`
}
