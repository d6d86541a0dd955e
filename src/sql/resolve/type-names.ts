import { isTrustedExtension, userFunctionDenial } from '../../policy/extensions.js'
import { builtinTypeDenial } from '../../policy/types.js'
import type { UserCast, UserType } from '../../schema/functions.js'
import type { Names } from './names.js'

export interface TypeBinding {
  readonly verdict: 'allowed' | 'denied' | 'unknown'
  /** Why it is denied, for the client to read; null for the other verdicts. */
  readonly reason: string | null
}

const UNKNOWN: TypeBinding = { verdict: 'unknown', reason: null }
const ALLOWED: TypeBinding = { verdict: 'allowed', reason: null }
const UNTRUSTED: TypeBinding = {
  verdict: 'denied',
  reason: 'code that the policy does not name makes its values',
}

/** Decides about a named type: whether a value of it can be made by code that nobody trusts, its input function or a cast. */
export function bindType(parts: readonly string[], names: Names): TypeBinding {
  const schema = parts.length > 1 ? parts.at(-2) : undefined
  const found = typeNames(parts.at(-1) ?? '').map((name) => bindName(name, schema, names))
  return found.find(({ verdict }) => verdict !== 'unknown') ?? UNKNOWN
}

/** A type's name and, where it could be an array's internal name, its element's. */
export function typeNames(name: string): readonly string[] {
  return name.startsWith('_') ? [name, name.replace(/^_+/, '')] : [name]
}

function bindName(name: string, schema: string | undefined, names: Names): TypeBinding {
  const users = (names.snapshot.types.get(name) ?? []).filter(
    (type) => schema === undefined || type.schema === schema,
  )
  const builtin = builtinTypeDenial(schema ?? 'pg_catalog', name)
  if (builtin === undefined && users.length === 0) return UNKNOWN
  if (typeof builtin === 'string') return { verdict: 'denied', reason: builtin }
  const isTrusted = users.every((type) => isTrustedInput(type, names)) && !isCastDenied(name, names)
  return isTrusted ? ALLOWED : UNTRUSTED
}

function isTrustedInput({ kind, extension, checkFunctions }: UserType, { policy }: Names): boolean {
  if (kind === 'base' && !isTrustedExtension(extension, policy)) return false
  return checkFunctions.every((check) => userFunctionDenial(check, policy) === null)
}

/** A cast from a type of PostgreSQL's own says nothing about that type: only where it leads to matters. */
function isCastDenied(name: string, names: Names): boolean {
  const isUsers = names.snapshot.types.has(name)
  return names.snapshot.casts
    .filter((cast) => cast.target === name || (isUsers && cast.source === name))
    .some((cast) => !isTrustedCast(cast, isUsers, names))
}

/** One that leads from an extension's type to PostgreSQL's own runs on columns that the schema's owner gave that type. */
function isTrustedCast(cast: UserCast, isUsers: boolean, { policy }: Names): boolean {
  const { functionSchema, functionName, extension, ownSource } = cast
  if (functionSchema === 'pg_catalog' || (ownSource && !isUsers)) return true
  return userFunctionDenial({ schema: functionSchema, name: functionName, extension }, policy) === null
}
