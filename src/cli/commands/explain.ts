import { Pool } from 'pg'
import { policyOf } from '../../config/policy.js'
import type { Configuration } from '../../config/schema.js'
import { GatewayError } from '../../core/errors.js'
import { LoginName } from '../../core/ids.js'
import { viewRules } from '../../policy/view-rules.js'
import { introspect } from '../../schema/introspect.js'
import { createCompiler } from '../../sql/compile.js'
import { NOTHING_HELD } from '../../sql/compiled.js'
import { parseTree } from '../../sql/parse.js'
import { loadParser } from '../../sql/parser.js'
import type { TenantCatalog } from '../../tenants/catalog.js'
import type { Login, ScopedLogin } from '../../tenants/login.js'
import { PostgresStore } from '../../tenants/postgres-store.js'
import { type ScopedReach, scopedReachOf, tenantsOf } from '../../tenants/reach.js'
import { examples, type Registration } from '../command.js'
import { asOperator, type ConfigOption, configurationOf, withConfig } from '../configured.js'
import { CommandError } from '../exit.js'
import { formatRefusal } from '../refusal.js'

interface ExplainOptions extends ConfigOption {
  readonly login: string
  readonly sql?: string
}

/** Shows what the database would be sent for a login's statement, or why it would be refused; sends nothing. */
export const explain: Registration = (program, { terminal, exitWith }) => {
  const command = program
    .command('explain')
    .description('show the scoped SQL of a statement, or why it is refused')
    .requiredOption('--login <name>', 'whose statement it is')
    .option('--sql <text>', 'the statement; standard input if left out')
  examples(
    withConfig(command),
    'explain --login acme_app --sql "SELECT * FROM orders"',
    'explain --login acme_app < query.sql',
  ).action(async (options: ExplainOptions) => {
    const configuration = await configurationOf(options, terminal)
    const sql = options.sql ?? (await terminal.readInput())
    const { login, catalog } = await findLogin(configuration, options.login)
    if (login.kind === 'operator') {
      terminal.error(`login ${login.name} is an operator: nothing is changed, every statement is audited`)
      terminal.out(sql)
      return
    }
    const reach = scopedReachOf(login, catalog)
    if (reach === null) throw new CommandError(`login ${login.name} has no tenant that is active`)
    try {
      terminal.out(await scopedSql(configuration, { login, reach }, sql))
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      terminal.error(formatRefusal(error, sql))
      exitWith(1)
    }
  })
}

interface Found {
  readonly login: Login
  readonly catalog: TenantCatalog
}

async function findLogin(configuration: Configuration, name: string): Promise<Found> {
  const pool = new Pool({ connectionString: configuration.upstream.operatorUrl, max: 1 })
  try {
    const store = await PostgresStore.open({
      pool,
      controlSchema: configuration.control.schema,
      onProblem: () => undefined,
    })
    const login = store.value.logins.get(LoginName.of(name))
    if (login === undefined) throw new CommandError(`there is no login ${name}`)
    return { login, catalog: store.value }
  } finally {
    await pool.end()
  }
}

interface Scoped {
  readonly login: ScopedLogin
  readonly reach: ScopedReach
}

async function scopedSql(
  configuration: Configuration,
  { login, reach }: Scoped,
  sql: string,
): Promise<string> {
  await loadParser()
  const policy = policyOf(configuration)
  const snapshot = await asOperator(configuration, (client) =>
    introspect((text) => client.query(text), {
      previousGeneration: 0,
      viewRules: viewRules(policy, parseTree),
    }),
  )
  const compiler = createCompiler({ maxTextBytes: 16_777_216, maxPlans: 1, maxPlanBytes: 67_108_864 })
  const compiled = compiler.compile(Buffer.from(sql), {
    snapshot,
    policy,
    kind: login.kind,
    searchPath: policy.searchPath,
    parameterTypes: [],
    ...NOTHING_HELD,
    protocol: 'simple',
  })
  return compiled.bind(tenantsOf(reach)).toString('utf8')
}
