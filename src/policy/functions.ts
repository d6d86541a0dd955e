import { allowed, type BuiltinFunction } from './builtin-function.js'
import { BUILTIN_FUNCTIONS } from './functions.generated.js'

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

const INFORMATION_SCHEMA = new Map<string, BuiltinFunction>(
  [
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
  ].map((name) => [name, allowed]),
)

/** The same for the schema information_schema, whose `_pg_expandarray` pgjdbc reads keys with; undefined: no such name. */
export function informationSchemaFunction(name: string): BuiltinFunction | undefined {
  return INFORMATION_SCHEMA.get(name)
}
