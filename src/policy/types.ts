import { BUILTIN_TYPES } from './types.generated.js'

/**
 * Why a statement may not name a type of the system schemas; null where it may, undefined where no supported version has it.
 *
 * Units    names as the catalog spells them; of an array its element's
 */
export function builtinTypeDenial(schema: string, name: string): string | null | undefined {
  if (schema === 'pg_catalog' && SERIALS.has(name)) return null
  return BUILTIN_TYPES.get(`${schema}.${name}`)
}

/** No types of the catalog: the server makes a column's type and default of them. */
const SERIALS = new Set(['bigserial', 'serial', 'serial2', 'serial4', 'serial8', 'smallserial'])

/** Whether pg_catalog has a type of this name: a call of it with one argument is then a cast. */
export function isBuiltinType(name: string): boolean {
  return BUILTIN_TYPES.has(`pg_catalog.${name}`)
}
