/** What a tenant may do with one function name of pg_catalog, all of its overloads decided together. */
export interface BuiltinFunction {
  /** namespaced: where the key or the channel that it names is made the tenant's own, and nowhere else. */
  readonly access: 'allowed' | 'namespaced' | 'denied'
  /** Why it is denied, as the detail of the client's error; null where it isn't. */
  readonly reason: string | null
  /** No overload can raise an error that depends on a row's value; only ever true of an allowed name. */
  readonly total: boolean
}

export const allowed: BuiltinFunction = { access: 'allowed', reason: null, total: false }
export const namespaced: BuiltinFunction = { access: 'namespaced', reason: null, total: false }
export const total: BuiltinFunction = { access: 'allowed', reason: null, total: true }

/** What stands behind operators, casts, aggregates and types; its name says nothing about another function's. */
export const support: BuiltinFunction = {
  access: 'denied',
  reason: 'it is an internal support function; use the operator, cast or aggregate it stands behind',
  total: false,
}

export function denied(reason: string): BuiltinFunction {
  return { access: 'denied', reason, total: false }
}
