/** A function, procedure, aggregate or window function outside pg_catalog and information_schema. */
export interface UserFunction {
  readonly schema: string
  readonly name: string
  readonly kind: 'function' | 'procedure' | 'aggregate' | 'window'
  /** The extension it belongs to, if any. */
  readonly extension: string | null
  /** Fewest arguments of a call (defaults left out) and most (Infinity for variadic). */
  readonly minArguments: number
  readonly maxArguments: number
  /** `pg_proc.procost`, in units of cpu_operator_cost. */
  readonly cost: number
  readonly language: string
  readonly leakproof: boolean
  readonly securityDefiner: boolean
}

/** An operator outside pg_catalog. */
export interface UserOperator {
  readonly schema: string
  readonly name: string
  readonly extension: string | null
  /** Whether an operand's type, or what it is an array of, belongs to that extension. */
  readonly ownType: boolean
  /** The function behind it, `schema.name` parts. */
  readonly functionSchema: string
  readonly functionName: string
}

/** A cast with somebody's function behind it. */
export interface UserCast {
  /** Unqualified names of the two types; either may be PostgreSQL's own. */
  readonly source: string
  readonly target: string
  readonly extension: string | null
  /** Whether the source belongs to that extension. */
  readonly ownSource: boolean
  readonly functionSchema: string
  readonly functionName: string
}

/** A function that PostgreSQL calls when a value of a domain is made. */
export interface CheckFunction {
  readonly schema: string
  readonly name: string
  readonly extension: string | null
}

/** A type outside pg_catalog and information_schema. */
export interface UserType {
  readonly oid: number
  /** Of the arrays of it; 0: there are none. */
  readonly arrayOid: number
  readonly schema: string
  readonly name: string
  readonly kind: 'base' | 'composite' | 'domain' | 'enum' | 'range' | 'multirange' | 'pseudo'
  readonly extension: string | null
  /**
   * What the checks of its domains call outside pg_catalog, itself included or through operators; also those of what it
   * is made of: base domains, array elements, composite fields, range bounds.
   */
  readonly checkFunctions: readonly CheckFunction[]
}
