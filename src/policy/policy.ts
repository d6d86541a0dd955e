/** What the configuration declares about one relation; what it doesn't name is decided by introspection, or denied. */
export type RelationRule =
  | { readonly access: 'tenant'; readonly column?: string }
  | {
      readonly access: 'via'
      readonly column: string
      readonly references: { readonly schema: string; readonly name: string; readonly column: string }
    }
  | { readonly access: 'shared' }
  | { readonly access: 'denied' }

/** MAY: the operator's rules, immutable; a reload makes a new one with the next generation. */
export interface Policy {
  readonly generation: number
  readonly tenantColumn: string
  readonly searchPath: readonly string[]
  /** By `relationKey(schema, name)`. */
  readonly relations: ReadonlyMap<string, RelationRule>
  readonly functions: {
    /** `relationKey(schema, name)` of each user function that tenants may call. */
    readonly allow: ReadonlySet<string>
    readonly extensions: ReadonlySet<string>
  }
  readonly explain: 'deny' | 'plan' | 'analyze'
  readonly temporaryTables: boolean
  /** The control schema: its `tenants` is a tenant relation by `id`, everything else in it is denied. */
  readonly controlSchema: string
}
