import {
  type FunctionRisk,
  isReviewedFunction,
  userFunctionDenial,
  userFunctionRisk,
} from '../../policy/extensions.js'
import { type BuiltinFunction, builtinFunction, isInformationSchemaFunction } from '../../policy/functions.js'
import type { Policy } from '../../policy/policy.js'
import type { UserFunction } from '../../schema/functions.js'
import type { Snapshot } from '../../schema/snapshot.js'

/**
 * What a called name may do, whichever of the functions of that name is meant.
 *
 * namespaced: allowed where the call's key or channel is made the tenant's own.
 */
export interface FunctionBinding {
  readonly verdict: 'allowed' | 'namespaced' | 'denied' | 'unknown'
  /** Why it is denied, for the client to read; null for the other verdicts. */
  readonly reason: string | null
  readonly risk: FunctionRisk
}

export type Names = Pick<{ snapshot: Snapshot; policy: Policy }, 'snapshot' | 'policy'>

/**
 * Decides about a called name without knowing its arguments' types: every function that it could mean must be allowed.
 *
 * Unqualified names are looked up where the server looks: in pg_catalog and along the policy's search path, which each
 * server connection has for its whole life.
 */
export function bindFunction(parts: readonly string[], names: Names): FunctionBinding {
  const name = parts.at(-1) ?? ''
  const schema = parts.length > 1 ? parts.at(-2) : undefined
  if (schema === 'information_schema') return informationSchema(name)
  const users = userFunctions(name, schema, names)
  const builtin = schema === undefined || schema === 'pg_catalog' ? builtinFunction(name) : undefined
  if (builtin === undefined && users.length === 0) return typeCall(name, schema)
  const reason = builtin?.reason ?? usersDenial(users, builtin !== undefined, names.policy)
  return { ...verdictOf(builtin, users, reason), risk: riskOf(builtin, users) }
}

type Verdict = Pick<FunctionBinding, 'verdict' | 'reason'>

/** A namespaced name has to mean PostgreSQL's own function, and no other. */
function verdictOf(
  builtin: BuiltinFunction | undefined,
  users: readonly UserFunction[],
  reason: string | null,
): Verdict {
  if (reason !== null) return { verdict: 'denied', reason }
  if (builtin?.access !== 'namespaced') return { verdict: 'allowed', reason }
  return users.length === 0
    ? { verdict: 'namespaced', reason }
    : { verdict: 'denied', reason: "the schema has a function of this name, beside PostgreSQL's own" }
}

/** Worst first. */
const RISKS = ['fenced', 'leaky', 'total'] as const

function riskOf(builtin: BuiltinFunction | undefined, users: readonly UserFunction[]): FunctionRisk {
  const own: FunctionRisk = builtin === undefined || builtin.total ? 'total' : 'leaky'
  const risks = [own, ...users.map(userFunctionRisk)]
  return RISKS.find((risk) => risks.includes(risk)) ?? 'leaky'
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
  return { verdict: isType ? 'allowed' : 'unknown', reason: null, risk: 'leaky' }
}

/**
 * Why one of the functions of a name may not be called.
 *
 * An extension's overload of one of PostgreSQL's own functions (citext's `max`) needs no word of the policy, or its mere
 * presence would take that away from everybody.
 */
function usersDenial(users: readonly UserFunction[], isOverload: boolean, policy: Policy): string | null {
  const strangers = isOverload
    ? users.filter(({ extension, name }) => !isReviewedFunction(extension, name))
    : users
  return strangers.map((user) => userFunctionDenial(user, policy)).find((reason) => reason !== null) ?? null
}

/** They are written in SQL: the planner counts what it finds in the body. */
function informationSchema(name: string): FunctionBinding {
  return isInformationSchemaFunction(name)
    ? { verdict: 'allowed', reason: null, risk: 'fenced' }
    : { verdict: 'denied', reason: 'it was not reviewed', risk: 'fenced' }
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
