import { type BuiltinFunction, builtinFunction } from '../../policy/functions.js'
import { isBuiltinOperator } from '../../policy/operators.js'
import type { Policy } from '../../policy/policy.js'
import type { CheckFunction, UserFunction, UserOperator } from '../../schema/functions.js'
import { relationKey } from '../../schema/relation.js'
import type { Snapshot } from '../../schema/snapshot.js'

/**
 * What a called name may do: `total` can't fail on a row's value; `fenced` may fail although the planner counts it as free.
 *
 * namespaced: allowed where the call's key or channel is made the tenant's own.
 */
export interface FunctionBinding {
  readonly verdict: 'allowed' | 'namespaced' | 'denied' | 'unknown'
  readonly risk: 'total' | 'leaky' | 'fenced'
}

type Names = Pick<{ snapshot: Snapshot; policy: Policy }, 'snapshot' | 'policy'>

/** Functions of information_schema that drivers' metadata queries call; each works on its arguments and the catalog alone. */
const INFORMATION_SCHEMA_FUNCTIONS = new Set([
  '_pg_char_max_length',
  '_pg_char_octet_length',
  '_pg_datetime_precision',
  '_pg_expandarray',
  '_pg_index_position',
  '_pg_interval_type',
  '_pg_numeric_precision',
  '_pg_numeric_precision_radix',
  '_pg_numeric_scale',
  '_pg_truetypid',
  '_pg_truetypmod',
])

/**
 * Decides about a called name without knowing its arguments' types: every function that it could mean must be allowed.
 *
 * Unqualified names are looked up where the server looks: in pg_catalog and along the policy's search path, which each
 * server connection has for its whole life.
 */
export function bindFunction(parts: readonly string[], names: Names): FunctionBinding {
  const name = parts.at(-1) ?? ''
  const schema = parts.length > 1 ? parts.at(-2) : undefined
  if (schema === 'information_schema') {
    return { verdict: INFORMATION_SCHEMA_FUNCTIONS.has(name) ? 'allowed' : 'denied', risk: 'leaky' }
  }
  const users = userFunctions(name, schema, names)
  const builtin = schema === undefined || schema === 'pg_catalog' ? builtinFunction(name) : undefined
  if (builtin === undefined && users.length === 0) return typeCall(name, schema)
  return {
    verdict: verdictOf(builtin?.access ?? 'allowed', users, names.policy),
    risk: riskOf(builtin?.total ?? true, users),
  }
}

/** A namespaced name has to mean PostgreSQL's own function, and no other. */
function verdictOf(
  access: BuiltinFunction['access'],
  users: readonly UserFunction[],
  policy: Policy,
): FunctionBinding['verdict'] {
  if (access === 'namespaced') return users.length === 0 ? 'namespaced' : 'denied'
  return users.some((user) => !isTrusted(user, policy)) ? 'denied' : access
}

/** Whether a call names a key or a channel that all tenants share, unless it is made the tenant's own. */
export function isNamespaced(parts: readonly string[]): boolean {
  const schema = parts.at(-2) ?? 'pg_catalog'
  return schema === 'pg_catalog' && builtinFunction(parts.at(-1) ?? '')?.access === 'namespaced'
}

/**
 * PostgreSQL's scalar types that have no function of their own name: `inet(x)` is `x::inet`.
 *
 * Source   PostgreSQL src/backend/parser/parse_func.c, func_get_detail
 */
const CALLABLE_TYPES = new Set(
  `inet json jsonb jsonpath regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure
  regrole regtype tsquery tsvector uuid`.split(/\s+/),
)

function typeCall(name: string, schema: string | undefined): FunctionBinding {
  const isType = (schema === undefined || schema === 'pg_catalog') && CALLABLE_TYPES.has(name)
  return { verdict: isType ? 'allowed' : 'unknown', risk: 'leaky' }
}

/** The cost is the planner's word for when it is called; the body of an SQL function takes the call's place. */
function riskOf(isBuiltinTotal: boolean, users: readonly UserFunction[]): FunctionBinding['risk'] {
  if (users.some((user) => user.cost < 1 || user.language === 'sql')) return 'fenced'
  return isBuiltinTotal && users.every((user) => user.leakproof) ? 'total' : 'leaky'
}

function userFunctions(
  name: string,
  schema: string | undefined,
  { snapshot, policy }: Names,
): readonly UserFunction[] {
  const all = snapshot.functions.get(name) ?? []
  return all.filter((user) =>
    schema === undefined ? policy.searchPath.includes(user.schema) : user.schema === schema,
  )
}

function isTrusted(user: UserFunction, policy: Policy): boolean {
  if (user.kind === 'procedure') return false
  if (policy.functions.allow.has(relationKey(user.schema, user.name))) return true
  return user.extension !== null && policy.functions.extensions.has(user.extension)
}

/**
 * Whether an operator of this name could run code that the policy doesn't trust.
 *
 * An extension's overload of PostgreSQL's own operator (citext's `=`) works on the extension's types, and those get into a
 * statement by a column, which the schema's owner gave that type, or by a cast, which is refused.
 */
export function isOperatorDenied(parts: readonly string[], names: Names): boolean {
  return userOperators(parts, names).some((operator) => !isTrustedOperator(operator, names.policy))
}

/** Operators outside pg_catalog that a name could mean. */
export function userOperators(
  parts: readonly string[],
  { snapshot, policy }: Names,
): readonly UserOperator[] {
  const schema = parts.length > 1 ? parts.at(-2) : undefined
  const all = snapshot.operators.get(parts.at(-1) ?? '') ?? []
  return all.filter((operator) =>
    schema === undefined ? policy.searchPath.includes(operator.schema) : operator.schema === schema,
  )
}

function isTrustedOperator(operator: UserOperator, policy: Policy): boolean {
  if (operator.extension !== null) {
    return isBuiltinOperator(operator.name) || policy.functions.extensions.has(operator.extension)
  }
  if (operator.functionSchema === 'pg_catalog')
    return builtinFunction(operator.functionName)?.access === 'allowed'
  return policy.functions.allow.has(relationKey(operator.functionSchema, operator.functionName))
}

/** Whether a value of a type can be made by code that the policy doesn't trust: its input function, or a cast. */
export function isTypeDenied(parts: readonly string[], names: Names): boolean {
  return typeNames(parts.at(-1) ?? '').some((name) => isInputDenied(name, names) || isCastDenied(name, names))
}

/** A type's name and, where it could be an array's internal name, its element's. */
export function typeNames(name: string): readonly string[] {
  return name.startsWith('_') ? [name, name.replace(/^_+/, '')] : [name]
}

function isInputDenied(name: string, { snapshot, policy }: Names): boolean {
  const types = snapshot.types.get(name) ?? []
  return types.some(
    ({ kind, extension, checkFunctions }) =>
      (kind === 'base' && !isTrustedExtension(extension, policy)) ||
      checkFunctions.some((check) => !isTrustedCheck(check, policy)),
  )
}

function isTrustedExtension(extension: string | null, policy: Policy): boolean {
  return extension !== null && policy.functions.extensions.has(extension)
}

function isTrustedCheck({ schema, name, extension }: CheckFunction, policy: Policy): boolean {
  return isTrustedExtension(extension, policy) || policy.functions.allow.has(relationKey(schema, name))
}

/** A cast from a type of PostgreSQL's own says nothing about that type: only where it leads to matters. */
function isCastDenied(name: string, { snapshot, policy }: Names): boolean {
  const isUsers = snapshot.types.has(name)
  return snapshot.casts
    .filter((cast) => cast.target === name || (isUsers && cast.source === name))
    .some(({ extension, functionSchema, functionName }) => {
      if (extension !== null && policy.functions.extensions.has(extension)) return false
      return (
        functionSchema !== 'pg_catalog' &&
        !policy.functions.allow.has(relationKey(functionSchema, functionName))
      )
    })
}
