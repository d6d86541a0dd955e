import { type Access, accessOf } from '../../policy/decide.js'
import type { Policy } from '../../policy/policy.js'
import type { Relation } from '../../schema/relation.js'
import type { Snapshot } from '../../schema/snapshot.js'
import { quoteIdentifier } from '../../tenants/quote.js'
import type { Step } from './step.js'

export interface GrantsOptions {
  readonly role: string
  readonly snapshot: Snapshot
  readonly policy: Policy
}

/**
 * Grants the role what the policy lets tenants do, and takes everything else in the users' schemas from it.
 *
 * A second wall: what the gateway would wrongly let through, the server still refuses.
 */
export function grantSteps({ role, snapshot, policy }: GrantsOptions): readonly Step[] {
  const grantee = quoteIdentifier(role)
  const relations = [...snapshot.relations.values()]
    .filter(({ kind }) => kind !== 'composite type')
    .sort((a, b) => (qualified(a) < qualified(b) ? -1 : 1))
  const rights = relations.map((relation) => ({
    relation,
    rights: rightsOn(relation, accessOf(relation, snapshot, policy), policy),
  }))
  const granted = rights.filter((entry) => entry.rights !== null)
  const schemas = new Set([
    ...granted.map(({ relation }) => relation.schema),
    ...policy.searchPath.filter((schema) => snapshot.schemas.has(schema)),
  ])
  const sequences = relations.filter(
    ({ kind, schema }) => kind === 'sequence' && schemas.has(schema) && schema !== policy.controlSchema,
  )
  return [
    {
      title: 'schemas',
      sql: lines([...snapshot.schemas].sort(), (schema) =>
        schemas.has(schema)
          ? `GRANT USAGE ON SCHEMA ${quoteIdentifier(schema)} TO ${grantee};`
          : `REVOKE ALL ON SCHEMA ${quoteIdentifier(schema)} FROM ${grantee};`,
      ),
    },
    {
      title: 'relations',
      sql: lines(
        rights.filter(({ relation }) => relation.kind !== 'sequence'),
        ({ relation, rights }) =>
          [
            `REVOKE ALL ON TABLE ${qualified(relation)} FROM ${grantee};`,
            ...(rights === null ? [] : [`GRANT ${rights} ON TABLE ${qualified(relation)} TO ${grantee};`]),
          ].join('\n'),
      ),
    },
    {
      title: 'sequences',
      sql: lines(sequences, (sequence) => `GRANT USAGE ON SEQUENCE ${qualified(sequence)} TO ${grantee};`),
    },
  ]
}

function rightsOn(relation: Relation, access: Access | undefined, policy: Policy): string | null {
  switch (access?.kind) {
    case 'tenant':
    case 'via':
      return relation.schema === policy.controlSchema || relation.kind === 'materialized view'
        ? 'SELECT'
        : 'SELECT, INSERT, UPDATE, DELETE'
    case 'shared':
      return 'SELECT'
    default:
      return null
  }
}

function qualified({ schema, name }: Relation): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
}

function lines<T>(items: readonly T[], line: (item: T) => string): string {
  return items.map(line).join('\n')
}
