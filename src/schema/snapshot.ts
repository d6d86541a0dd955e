import type { UserCast, UserFunction, UserOperator, UserType } from './functions.js'
import type { Relation } from './relation.js'

/**
 * The database's schema at one moment, immutable; what it doesn't know is refused, not guessed.
 *
 * Relations of pg_catalog and information_schema are not in it: `policy/catalogs` classifies those by name.
 */
export interface Snapshot {
  /** Grows with every change that was seen; part of each plan's key. */
  readonly generation: number
  /** `server_version_num`, such as 180004. */
  readonly serverVersion: number
  /** By `relationKey(schema, name)`. */
  readonly relations: ReadonlyMap<string, Relation>
  readonly schemas: ReadonlySet<string>
  /** Names of the extensions that exist. */
  readonly extensions: ReadonlySet<string>
  /** By unqualified name. */
  readonly functions: ReadonlyMap<string, readonly UserFunction[]>
  /** By operator name, such as `<->`. */
  readonly operators: ReadonlyMap<string, readonly UserOperator[]>
  /** In no order. */
  readonly casts: readonly UserCast[]
  /** By unqualified name. */
  readonly types: ReadonlyMap<string, readonly UserType[]>
}
