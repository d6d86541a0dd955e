import { accessOf } from '../../policy/decide.js'
import { quoteIdentifier, quoteLiteral } from '../../tenants/quote.js'
import type { GrantsOptions } from './grants.js'
import type { Step } from './step.js'

/** The setting that the policies compare with. */
export const TENANT_SETTING = 'tenantgate.tenant'

/**
 * Row-level security as another wall behind the gateway, for the gateway's role only.
 *
 * Everybody else keeps what they see: a permissive policy lets all rows through, a restrictive one narrows the gateway's role
 * to the tenant that the session is set to — no rows where it is not set.
 *
 * Source   https://www.postgresql.org/docs/current/ddl-rowsecurity.html
 */
export function rowSecuritySteps({ role, snapshot, policy }: GrantsOptions): readonly Step[] {
  const tables = [...snapshot.relations.values()].filter(
    ({ kind }) => kind === 'table' || kind === 'partitioned table',
  )
  return tables.flatMap((table) => {
    const access = accessOf(table, snapshot, policy)
    if (access?.kind !== 'tenant' || table.schema === policy.controlSchema) return []
    const type = table.columns.find(({ name }) => name === access.column)?.type ?? 'pg_catalog.text'
    const name = `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`
    const pin = `${quoteIdentifier(access.column)} = pg_catalog.current_setting(${quoteLiteral(TENANT_SETTING)}, true)::${type}`
    return [
      {
        title: `row-level security of ${table.schema}.${table.name}`,
        sql: `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenantgate_others ON ${name};
DROP POLICY IF EXISTS tenantgate_tenant ON ${name};
CREATE POLICY tenantgate_others ON ${name} AS PERMISSIVE TO PUBLIC USING (true) WITH CHECK (true);
CREATE POLICY tenantgate_tenant ON ${name} AS RESTRICTIVE TO ${quoteIdentifier(role)} USING (${pin}) WITH CHECK (${pin});`,
      },
    ]
  })
}
