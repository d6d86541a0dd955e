import { type Client, DatabaseError } from 'pg'
import type { Policy } from '../../policy/policy.js'
import { viewRules } from '../../policy/view-rules.js'
import { introspect } from '../../schema/introspect.js'
import { parseTree } from '../../sql/parse.js'
import { loadParser } from '../../sql/parser.js'
import { migrate, migrationSql } from '../../tenants/migrate.js'
import { announceStep } from './announce.js'
import { type GrantsOptions, grantSteps } from './grants.js'
import { gatewayRole, roleSteps } from './role.js'
import { rowSecuritySteps } from './row-security.js'
import type { Step } from './step.js'
import { LOOSE_RIGHTS, looseRightWarnings } from './warnings.js'

export interface ProvisionOptions {
  /** Names the gateway's role and its password. */
  readonly upstreamUrl: string
  readonly policy: Policy
  readonly rowSecurity: boolean
}

export interface ProvisionReport {
  /** Titles of what was done. */
  readonly done: readonly string[]
  readonly warnings: readonly string[]
}

/**
 * Makes the database ready for the gateway: control schema, role, grants, announcements; may be run again at any time.
 *
 * `client` is connected as the operator.
 */
export async function provision(client: Client, options: ProvisionOptions): Promise<ProvisionReport> {
  const migrations = await migrate(client, options.policy.controlSchema)
  const warnings: string[] = []
  const onNotice = (notice: {
    readonly message?: string | undefined
    readonly severity?: string | undefined
  }) => {
    if (notice.severity === 'WARNING') warnings.push(notice.message ?? '')
  }
  client.on('notice', onNotice)
  try {
    const plan = await planOf(client, options)
    await client.query('BEGIN')
    for (const step of plan.steps) await run(client, step)
    await client.query('COMMIT')
    const { rows } = await client.query(LOOSE_RIGHTS(plan.grants.role))
    return {
      done: [...migrations.map((name) => `control schema: ${name}`), ...plan.steps.map(({ title }) => title)],
      warnings: [...warnings, ...looseRightWarnings(rows, plan.grants)],
    }
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.off('notice', onNotice)
  }
}

/** The SQL that `provision` would run, for reading; the database is only read. */
export async function provisionSql(client: Client, options: ProvisionOptions): Promise<string> {
  const { steps } = await planOf(client, options)
  const schema = options.policy.controlSchema
  const { rows } = await client.query('SELECT pg_catalog.to_regnamespace($1) IS NOT NULL AS present', [
    `"${schema.replaceAll('"', '""')}"`,
  ])
  const control = { title: 'control schema', sql: migrationSql(schema) }
  const all = rows[0]?.present === true ? steps : [control, ...steps]
  return all
    .filter(({ sql }) => sql !== '')
    .map(({ title, sql }) => `-- ${title}\n${sql}\n`)
    .join('\n')
}

interface Plan {
  readonly steps: readonly Step[]
  readonly grants: GrantsOptions
}

async function planOf(client: Client, { upstreamUrl, policy, rowSecurity }: ProvisionOptions): Promise<Plan> {
  await loadParser()
  const snapshot = await introspect((sql) => client.query(sql), {
    previousGeneration: 0,
    viewRules: viewRules(policy, parseTree),
  })
  const role = gatewayRole(upstreamUrl)
  const grants = { role: role.name, snapshot, policy }
  const steps = [
    ...roleSteps(role),
    ...grantSteps(grants),
    announceStep(policy.controlSchema),
    ...(rowSecurity ? rowSecuritySteps(grants) : []),
  ]
  return { steps: steps.filter(({ sql }) => sql !== ''), grants }
}

async function run(client: Client, { title, sql }: Step): Promise<void> {
  try {
    await client.query(sql)
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    throw new Error(`${title}: ${error.message}${error.hint === undefined ? '' : `\n${error.hint}`}`, {
      cause: error,
    })
  }
}
