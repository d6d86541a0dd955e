import { Client } from 'pg'
import { pino } from 'pino'
import { type Gateway, startGateway } from '../../src/app.js'
import { policyOf } from '../../src/config/policy.js'
import { type Configuration, ConfigurationSchema } from '../../src/config/schema.js'
import { LoginWrites } from '../../src/tenants/login-writes.js'
import { TenantWrites } from '../../src/tenants/tenant-writes.js'
import { provision } from '../../src/upstream/provision/provision.js'
import type { TestDatabase } from './database.js'
import { SOURCE_THREAD } from './source-thread.js'
import { SOURCE_WORKER } from './source-worker.js'

const PASSWORD = 'open sesame'

/** The gateway as an operator would run it, from a configuration, on a database that was made ready for it. */
export interface WholeGateway {
  readonly gateway: Gateway
  /** What it was started with. */
  readonly configuration: Configuration
  readonly tenants: TenantWrites
  readonly logins: LoginWrites
  /** Connection string of a tenant's login; tenants are `acme` and `globex`. */
  url(tenant: string): string
  /** Connection string of any login that was given `password`. */
  loginUrl(login: string): string
  readonly password: string
  /** As the gateway's own role, around the gateway. */
  readonly upstreamUrl: string
  stop(): Promise<void>
}

export interface WholeGatewayOptions {
  /** Changes the connection string by which tenants' statements reach the server. */
  readonly through?: (url: string) => string
  /** Gets each line of the log that speaks of an error. */
  readonly onError?: (line: string) => void
}

export async function wholeGateway(
  database: TestDatabase,
  configuration: { readonly upstream?: object; readonly [section: string]: unknown } = {},
  { through = (url) => url, onError }: WholeGatewayOptions = {},
): Promise<WholeGateway> {
  const role = await database.createRole()
  const parsed = ConfigurationSchema.parse({
    listen: { port: 0 },
    admin: { port: 0 },
    ...configuration,
    upstream: { ...configuration.upstream, url: through(role.url), operatorUrl: database.url },
  })
  const operator = new Client({ connectionString: database.url })
  await operator.connect()
  await provision(operator, {
    upstreamUrl: role.url,
    policy: policyOf(parsed),
    rowSecurity: parsed.policy.rowSecurity,
  })
  const query = (sql: string, values: readonly unknown[]) => operator.query(sql, [...values])
  const tenants = new TenantWrites(query, parsed.control.schema)
  const logins = new LoginWrites(query, parsed.control.schema)
  for (const id of ['acme', 'globex']) {
    await tenants.add({ id, name: id, assignments: [] })
    await logins.add({ name: `${id}_app`, kind: 'app', tenants: [id], password: PASSWORD })
  }
  const gateway = await startGateway(parsed, {
    logger: onError === undefined ? pino({ level: 'silent' }) : pino({ level: 'error' }, { write: onError }),
    compileThread: SOURCE_THREAD,
    worker: SOURCE_WORKER,
  })
  const loginUrl = (login: string): string => {
    const url = new URL(`postgres://127.0.0.1:${gateway.port}/${database.name}`)
    url.username = login
    url.password = PASSWORD
    return url.href
  }
  return {
    gateway,
    configuration: parsed,
    tenants,
    logins,
    upstreamUrl: role.url,
    url: (tenant) => loginUrl(`${tenant}_app`),
    loginUrl,
    password: PASSWORD,
    stop: async () => {
      await gateway.stop()
      await operator.end()
      await database.query(`DROP OWNED BY ${role.user}`)
    },
  }
}
