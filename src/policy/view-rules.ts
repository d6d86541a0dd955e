import type { Relation } from '../schema/relation.js'
import { relationKey } from '../schema/relation.js'
import type { Snapshot } from '../schema/snapshot.js'
import type { Tenancy, ViewRules } from '../schema/view/rules.js'
import { accessOf } from './decide.js'
import { userFunctionDenial, userFunctionRisk } from './extensions.js'
import { builtinFunction } from './functions.js'
import { totalOperator } from './operators.js'
import type { Policy } from './policy.js'

/** What the policy says about the parts of a view's definition; `parse` is PostgreSQL's own parser. */
export function viewRules(policy: Policy, parse: ViewRules['parse']): (schema: Snapshot) => ViewRules {
  return (schema) => ({
    parse,
    tenancy: (relation) => tenancyOf(relation, schema, policy),
    functionAccess: (namespace, name) => functionAccess({ schema: namespace, name }, schema, policy),
    totalOperator,
  })
}

function tenancyOf(relation: Relation, schema: Snapshot, policy: Policy): Tenancy {
  const access = accessOf(relation, schema, policy)
  if (access?.kind === 'tenant') return access
  if (access?.kind !== 'via') return { kind: 'none' }
  const { column, references } = access
  const parent = relationKey(references.schema, references.name)
  return { kind: 'via', column, references: parent, referencedColumn: references.column }
}

/**
 * A user's function may run as its owner or read any table, so the policy must have named it, or its extension.
 *
 * One that is inlined or cheaper than an operator is evaluated before a pin, and nothing outside the view could prevent that.
 */
function functionAccess(
  called: { readonly schema: string; readonly name: string },
  { functions }: Snapshot,
  policy: Policy,
): 'total' | 'allowed' | 'denied' {
  if (called.schema !== 'pg_catalog') {
    const named = (functions.get(called.name) ?? []).filter(({ schema }) => schema === called.schema)
    const isCounted = named.every((user) => userFunctionRisk(user) !== 'fenced')
    const isTrusted = named.length > 0 && named.every((user) => userFunctionDenial(user, policy) === null)
    return isCounted && isTrusted ? 'allowed' : 'denied'
  }
  const builtin = builtinFunction(called.name)
  if (builtin?.access !== 'allowed') return 'denied'
  return builtin.total ? 'total' : 'allowed'
}
