import { type Access, accessOf } from '../../policy/decide.js'
import type { Relation } from '../../schema/relation.js'
import { quoteIdentifier, quoteLiteral } from '../../tenants/quote.js'
import type { GrantsOptions } from './grants.js'
import type { Step } from './step.js'

/** The setting that the policies compare with: a tenant, or an analyst's several, between commas. */
export const TENANT_SETTING = 'tenantgate.tenant'

/**
 * Row-level security as another wall behind the gateway, for the gateway's role only.
 *
 * Everybody else keeps what they see: a permissive policy lets all rows through, a restrictive one narrows the gateway's role
 * to the tenants that the session is set to — no rows where it is not set. A child without the column is narrowed by its
 * parent, whose own policy holds inside the condition.
 *
 * Source   https://www.postgresql.org/docs/current/ddl-rowsecurity.html
 */
export function rowSecuritySteps({ role, snapshot, policy }: GrantsOptions): readonly Step[] {
  const tables = [...snapshot.relations.values()].filter(
    ({ kind }) => kind === 'table' || kind === 'partitioned table',
  )
  return tables.flatMap((table) => {
    const access = accessOf(table, snapshot, policy)
    if (access === undefined || table.schema === policy.controlSchema) return []
    const name = qualified(table)
    const pin = pinOf(table, access)
    if (pin === null) return []
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

function pinOf(table: Relation, access: Access): string | null {
  if (access.kind === 'tenant') {
    const type = table.columns.find(({ name }) => name === access.column)?.type ?? 'pg_catalog.text'
    // in a subquery, so that it is taken apart once and not for every row
    const setting = `pg_catalog.current_setting(${quoteLiteral(TENANT_SETTING)}, true)`
    const tenants = `(SELECT pg_catalog.string_to_array(${setting}, ',')::${type}[])::${type}[]`
    return `${quoteIdentifier(access.column)} = ANY (${tenants})`
  }
  if (access.kind !== 'via') return null
  const { references, column } = access
  const child = `${qualified(table)}.${quoteIdentifier(column)}`
  const parent = `tenantgate_parent.${quoteIdentifier(references.column)}`
  return `EXISTS (SELECT FROM ${qualified(references)} AS tenantgate_parent WHERE ${parent} = ${child})`
}

function qualified({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
}
