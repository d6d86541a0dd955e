import type { Relation } from '../../../../src/schema/relation.js'
import type { Tenancy, ViewRules } from '../../../../src/schema/view/rules.js'
import { parseTree } from '../../../../src/sql/parse.js'

/** Tenants by `tenant_id`, `public.lines` by its order; a few functions known. */
export const rules: ViewRules = {
  parse: parseTree,
  tenancy: (relation: Relation): Tenancy => {
    if (relation.name === 'lines') {
      return { kind: 'via', column: 'order_id', references: 'public\0orders', referencedColumn: 'id' }
    }
    return relation.columns.some(({ name }) => name === 'tenant_id')
      ? { kind: 'tenant', column: 'tenant_id' }
      : { kind: 'none' }
  },
  functionAccess: (schema, name) => {
    if (schema !== 'pg_catalog' || name === 'query_to_xml') return 'denied'
    return name === 'lower' ? 'total' : 'allowed'
  },
  totalOperator: (name) => ['=', '<>', '<', '<=', '>', '>=', '~~'].includes(name),
}
