import { systemRelation } from '../../src/policy/catalogs.js'
import { comparable, type Observation } from '../support/world/observe.js'

/** Why two answers may differ although nothing is wrong: what the statement is about isn't one tenant's to begin with. */
interface Exclusion {
  readonly reason: string
  applies(text: string, answers: Difference): boolean
}

interface Difference {
  readonly seen: Observation
  readonly own: Observation | null
  /** Whether the session has set a search path other than the policy's. */
  readonly isElsewhere: boolean
}

const EXCLUSIONS: readonly Exclusion[] = [
  {
    reason: 'estimates of the planner count all tenants’ rows, as plain EXPLAIN does',
    applies: (text) => /\brel(?:tuples|pages|allvisible)\b/i.test(text),
  },
  {
    reason: 'system views of sessions and statistics are empty to a tenant (ISOLATION §1)',
    applies: (text) =>
      (text.match(/\bpg_\w+/g) ?? []).some((name) => systemRelation('pg_catalog', name) === 'empty') ||
      [...text.matchAll(/\binformation_schema\.(\w+)/g)].some(
        ([, name = '']) => systemRelation('information_schema', name) === 'empty',
      ),
  },
  {
    reason:
      'names inside strings are looked up on the policy’s search path, which the server keeps (ADR 0013)',
    applies: (text) =>
      /::\s*reg(?:class|proc|procedure|oper|operator|type|config|dictionary)\b|\bpg_get_\w+\s*\(|\bto_reg\w+\s*\(|_is_visible\s*\(|\bcurrent_schemas?\b/i.test(
        text,
      ),
  },
  {
    reason:
      'types, functions and operators without a schema are those of the policy’s search path, whatever the session set (ADR 0013)',
    applies: (_text, { seen: { error }, own, isElsewhere }) =>
      isElsewhere &&
      own?.error === null &&
      (error?.code === '42704' || error?.code === '42883') &&
      /^(?:type|function|operator) .* does not exist$/.test(error.message),
  },
  {
    reason: 'a foreign key without the tenant column is that of all tenants’ rows (SECURITY.md)',
    applies: (_text, { seen, own }) => seen.error?.code === '23503' && own?.error === null,
  },
  {
    reason: 'where a row lies depends on the rows beside it',
    applies: (text) => /\bctid\b/i.test(text),
  },
  {
    reason: 'how often a function of a filter runs, and what it says as a notice, depends on the plan',
    applies: (_text, { seen, own }) =>
      own !== null && comparable({ ...seen, notices: [] }) === comparable({ ...own, notices: [] }),
  },
  {
    reason: 'a sequence shows the tenant’s own greatest value, and not what it counted (ADR 0018)',
    applies: (_text, { seen, own }) =>
      [seen, own].some((each) =>
        each?.results.some(({ columns }) => columns.some((column) => column.startsWith('last_value '))),
      ),
  },
  {
    reason: 'an error that depends on the plan: PostgreSQL itself does not raise it under every plan',
    applies: (_text, { seen, own }) =>
      [seen, own].some((each) =>
        /lossy distance functions are not supported|cursor can only scan forward/.test(
          each?.error?.message ?? '',
        ),
      ),
  },
]

/** The reason of the rule that a difference falls under. */
export function exclusionOf(text: string, answers: Difference): string | undefined {
  return EXCLUSIONS.find((exclusion) => exclusion.applies(text, answers))?.reason
}
