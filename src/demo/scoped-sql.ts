import type { Client } from 'pg'
import { TenantId } from '../core/ids.js'
import type { Policy } from '../policy/policy.js'
import { viewRules } from '../policy/view-rules.js'
import { introspect } from '../schema/introspect.js'
import { createCompiler } from '../sql/compile.js'
import { NOTHING_HELD } from '../sql/compiled.js'
import { parseTree } from '../sql/parse.js'
import { loadParser } from '../sql/parser.js'

export interface Scoping {
  /** Reads the catalogs. */
  readonly client: Client
  readonly policy: Policy
  readonly tenant: string
  readonly sql: string
}

/**
 * What the gateway sends to the database for a tenant's statement.
 *
 * Throws   the GatewayError of a refusal
 */
export async function scopedSql({ client, policy, tenant, sql }: Scoping): Promise<string> {
  await loadParser()
  const snapshot = await introspect((query) => client.query(query), {
    previousGeneration: 0,
    viewRules: viewRules(policy, parseTree),
  })
  const compiler = createCompiler({ maxTextBytes: 100_000, maxPlans: 1, maxPlanBytes: 1_000_000 })
  const compiled = compiler.compile(Buffer.from(sql), {
    snapshot,
    policy,
    kind: 'app',
    searchPath: policy.searchPath,
    parameterTypes: [],
    ...NOTHING_HELD,
    protocol: 'simple',
  })
  return compiled.bind([TenantId.of(tenant)]).toString('utf8')
}
