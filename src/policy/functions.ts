import type { BuiltinFunction } from './builtin-function.js'
import { BUILTIN_FUNCTIONS, INFORMATION_SCHEMA_FUNCTIONS } from './functions.generated.js'

export type { BuiltinFunction } from './builtin-function.js'

/**
 * What a tenant may do with a function of pg_catalog; undefined where no supported version has the name.
 *
 * `current_setting` and `set_config` are allowed here and only here: which setting they name is for the caller to check
 * (`policy/settings`). So is the sequence that `nextval` and `currval` name.
 *
 * Units    the name as the catalog spells it, without schema
 */
export function builtinFunction(name: string): BuiltinFunction | undefined {
  return BUILTIN_FUNCTIONS.get(name)
}

/** Whether a tenant may call a function of information_schema: each works on its arguments and the catalog alone. */
export function isInformationSchemaFunction(name: string): boolean {
  return INFORMATION_SCHEMA_FUNCTIONS.has(name)
}
