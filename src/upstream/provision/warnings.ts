import { accessOf } from '../../policy/decide.js'
import { quoteLiteral } from '../../tenants/quote.js'
import type { GrantsOptions } from './grants.js'

/** One row of what the role may do although nobody granted it to the role itself. */
interface LooseRight {
  readonly schema: string
  readonly name: string
  readonly owned: boolean
}

/** Relations that the role reaches by PUBLIC, by membership or as their owner: nothing that `init` could take away safely. */
export const LOOSE_RIGHTS = (role: string) => `
SELECT n.nspname::text AS schema, c.relname::text AS name, pg_catalog.pg_has_role(${quoteLiteral(role)}, c.relowner, 'USAGE') AS owned
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND pg_catalog.has_table_privilege(${quoteLiteral(role)}, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
ORDER BY 1, 2`

export function looseRightWarnings(
  rows: readonly object[],
  { role, snapshot, policy }: GrantsOptions,
): readonly string[] {
  return (rows as readonly LooseRight[]).flatMap(({ schema, name, owned }) => {
    if (owned) return [`${role} owns ${schema}.${name}: give the relation to another role`]
    const access = accessOf({ schema, name }, snapshot, policy)
    return access === undefined || access.kind === 'denied'
      ? [
          `${schema}.${name} is denied by the policy, but PUBLIC or a role of ${role}'s may use it: revoke that`,
        ]
      : []
  })
}
