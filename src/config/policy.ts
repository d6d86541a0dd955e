import type { Policy, RelationRule } from '../policy/policy.js'
import { relationKey } from '../schema/relation.js'
import type { Configuration } from './schema.js'

/** The policy that a configuration declares; a reload passes the next generation. */
export function policyOf(configuration: Configuration, generation = 1): Policy {
  const { policy, control } = configuration
  return {
    generation,
    tenantColumn: policy.tenantColumn,
    searchPath: policy.searchPath,
    relations: new Map(
      Object.entries(policy.relations).map(([name, rule]) => [keyOf(name), ruleOf(rule)] as const),
    ),
    functions: {
      allow: new Set(policy.functions.allow.map(keyOf)),
      extensions: new Set(policy.functions.extensions),
    },
    explain: policy.explain,
    temporaryTables: policy.temporaryTables,
    controlSchema: control.schema,
  }
}

function ruleOf(rule: Configuration['policy']['relations'][string]): RelationRule {
  switch (rule.access) {
    case 'via': {
      const [schema = '', name = '', column = ''] = parts(rule.references)
      return { access: 'via', column: rule.column, references: { schema, name, column } }
    }
    case 'tenant':
      return rule.column === undefined ? { access: 'tenant' } : { access: 'tenant', column: rule.column }
    default:
      return { access: rule.access }
  }
}

function keyOf(name: string): string {
  const [schema = '', relation = ''] = parts(name)
  return relationKey(schema, relation)
}

/** Names are as the catalog spells them: upper case is kept with or without quotes, which only protect a dot. */
function parts(name: string): readonly string[] {
  return [...name.matchAll(/"([^"]+)"|([^".]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}
