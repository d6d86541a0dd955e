import { isReviewedFunction, userFunctionDenial, userFunctionRisk } from '../../policy/extensions.js'
import { builtinFunction } from '../../policy/functions.js'
import { isBuiltinOperator } from '../../policy/operators.js'
import type { UserOperator } from '../../schema/functions.js'
import type { Names } from './names.js'

/** Decides about an operator by its name: every operator that it could mean must be one that the policy trusts. */
export function bindOperator(parts: readonly string[], names: Names): 'allowed' | 'denied' | 'unknown' {
  const users = userOperators(parts, names)
  const schema = parts.length > 1 ? parts.at(-2) : undefined
  const isBuiltin = (schema === undefined || schema === 'pg_catalog') && isBuiltinOperator(parts.at(-1) ?? '')
  if (!isBuiltin && users.length === 0) return 'unknown'
  return users.every((operator) => isTrusted(operator, names)) ? 'allowed' : 'denied'
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

/**
 * Whether the planner may count an operator as free: it is the schema's own, whose function's cost may be nothing, or an
 * extension's whose function is written in SQL.
 */
export function isFreeOperator(operator: UserOperator, { snapshot }: Names): boolean {
  if (operator.extension === null) return true
  const behind = (snapshot.functions.get(operator.functionName) ?? []).filter(
    ({ schema }) => schema === operator.functionSchema,
  )
  return behind.some((each) => userFunctionRisk(each) === 'fenced')
}

/**
 * An extension's overload of one of PostgreSQL's own operators (citext's `=`) that takes the extension's types runs on
 * columns alone that the schema's owner gave such a type: a cast to it is refused. Some (intarray's `@>`) take
 * PostgreSQL's own types: those count by their review.
 */
function isTrusted(operator: UserOperator, { policy }: Names): boolean {
  const { extension, functionSchema, functionName } = operator
  if (extension === null && functionSchema === 'pg_catalog')
    return builtinFunction(functionName)?.access === 'allowed'
  const isOverload = extension !== null && isBuiltinOperator(operator.name)
  if (isOverload && (operator.ownType || isReviewedFunction(extension, functionName))) return true
  return userFunctionDenial({ schema: functionSchema, name: functionName, extension }, policy) === null
}
