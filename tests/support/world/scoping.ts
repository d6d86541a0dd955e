import type { GatewayError } from '../../../src/core/errors.js'
import { TenantId } from '../../../src/core/ids.js'
import type { Policy, RelationRule } from '../../../src/policy/policy.js'
import { viewRules } from '../../../src/policy/view-rules.js'
import { introspect } from '../../../src/schema/introspect.js'
import { relationKey } from '../../../src/schema/relation.js'
import type { Snapshot } from '../../../src/schema/snapshot.js'
import { createCompiler } from '../../../src/sql/compile.js'
import { type CompiledText, NOTHING_HELD, type TenantCheck } from '../../../src/sql/compiled.js'
import { parseTree } from '../../../src/sql/parse.js'
import { loadParser } from '../../../src/sql/parser.js'
import { isSafePattern } from '../../../src/sql/pattern-text.js'
import { patternError } from '../../../src/sql/scope/pattern.js'
import { tieViolation } from '../../../src/sql/tie-violation.js'
import type { TestDatabase } from '../database.js'
import type { Observation, Question } from './observe.js'
import { TENANT } from './world.js'

/** What the operator of the world declares; the rest is left to introspection. */
const RULES: readonly (readonly [string, RelationRule])[] = [
  ['meters', { access: 'tenant', column: 'org' }],
  ['countries', { access: 'shared' }],
  [
    'lines',
    {
      access: 'via',
      column: 'invoice_id',
      references: { schema: 'public', name: 'invoices', column: 'id' },
    },
  ],
]

export const POLICY: Policy = {
  generation: 1,
  tenantColumn: 'tenant_id',
  searchPath: ['public'],
  relations: new Map(RULES.map(([name, rule]) => [relationKey('public', name), rule])),
  functions: { allow: new Set(), extensions: new Set() },
  explain: 'plan',
  temporaryTables: true,
  controlSchema: 'tenantgate',
}

/** The compiler on its own: what the gateway would send for one tenant. */
export interface Scoping {
  readonly snapshot: Snapshot
  /** Throws what the gateway would refuse with. */
  compile(question: Question): CompiledText
  scope(question: Question): string
}

export interface ScopingOptions {
  readonly policy?: Policy
  readonly tenant?: string
}

export async function openScoping(database: TestDatabase, options: ScopingOptions = {}): Promise<Scoping> {
  const { policy = POLICY, tenant = TENANT } = options
  await loadParser()
  const snapshot = await introspect((sql) => database.query(sql), {
    previousGeneration: 0,
    viewRules: viewRules(policy, parseTree),
  })
  const compiler = createCompiler({ maxTextBytes: 1_000_000, maxPlans: 1000, maxPlanBytes: 50_000_000 })
  const compile = (question: Question) =>
    compiler.compile(Buffer.from(question.text), {
      snapshot,
      policy,
      kind: 'app',
      searchPath: policy.searchPath,
      parameterTypes: [],
      ...NOTHING_HELD,
      protocol: question.values === undefined ? 'simple' : 'extended',
    })
  return {
    snapshot,
    compile,
    scope(question) {
      const compiled = compile(question)
      for (const check of compiled.checks) demand(check, question, tenant)
      return compiled.bind([TenantId.of(tenant)]).toString('utf8')
    },
  }
}

/** What the session demands of the parameters at Bind. */
function demand(check: TenantCheck, question: Question, tenant: string): void {
  if (check.kind === 'literal') return
  const value = question.values?.[check.number - 1]
  if (check.kind === 'parameter' && value !== tenant) throw new ParameterMismatch()
  if (check.kind === 'pattern' && typeof value === 'string' && !isSafePattern(value, check.rule))
    throw patternError(check.rule)
}

/** A parameter named another tenant; in the gateway the session sees to that at Bind. */
export class ParameterMismatch extends Error {
  readonly sqlstate: GatewayError['sqlstate'] = '42501'
}

/** What the client is told of the server's answer to a scoped text, where the session puts it in other words. */
export function told(seen: Observation): Observation {
  if (seen.error === null) return seen
  const fields = new Map([
    ['C', seen.error.code],
    ['M', seen.error.message],
  ])
  const own = tieViolation(fields) ?? fields
  return { ...seen, error: { code: own.get('C') ?? '', message: own.get('M') ?? '' } }
}
