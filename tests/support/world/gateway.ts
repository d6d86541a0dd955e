import { Client } from 'pg'
import { pino } from 'pino'
import { type Gateway, startGateway } from '../../../src/app.js'
import { ScramSecret } from '../../../src/auth/scram-secret.js'
import { ConfigurationSchema } from '../../../src/config/schema.js'
import { migrate } from '../../../src/tenants/migrate.js'
import { TENANT, type World } from './world.js'

const PASSWORD = 'of tenant seven'

/** The whole gateway in front of the world's shared database, with a login for tenant 7 and one for tenant 8. */
export interface WorldGateway {
  /** Connection string of tenant 7's login. */
  readonly url: string
  /** Connection string of tenant 8's. */
  readonly neighbourUrl: string
  stop(): Promise<void>
}

export interface WorldGatewayOptions {
  /** Server connections; 1 makes tenants follow each other on the same one. */
  readonly max?: number
}

export async function openGateway(
  world: World,
  { max = 10 }: WorldGatewayOptions = {},
): Promise<WorldGateway> {
  await register(world)
  const gateway = await startGateway(configurationOf(world, max), { logger: pino({ level: 'silent' }) })
  return {
    url: loginUrl(world, gateway, 'seven'),
    neighbourUrl: loginUrl(world, gateway, 'eight'),
    stop: () => gateway.stop(),
  }
}

function configurationOf(world: World, max: number) {
  return ConfigurationSchema.parse({
    listen: { port: 0 },
    upstream: { url: world.role.url, operatorUrl: world.shared.url, pool: { max } },
    policy: {
      relations: {
        'public.meters': { access: 'tenant', column: 'org' },
        'public.countries': { access: 'shared' },
        'public.lines': { access: 'via', column: 'invoice_id', references: 'public.invoices.id' },
      },
    },
    admin: { port: null },
    audit: { table: false },
  })
}

async function register({ shared }: World): Promise<void> {
  const client = new Client({ connectionString: shared.url })
  await client.connect()
  await migrate(client, 'tenantgate')
  await client.end()
  // few rounds: logging in is no subject here
  const secret = ScramSecret.format(ScramSecret.create(PASSWORD, { iterations: 64 }))
  await shared.query(
    `INSERT INTO tenantgate.tenants (id, name) VALUES ('7', 'Seven'), ('8', 'kanarie'), ('9', 'kanarie')`,
  )
  for (const [name, tenant] of [
    ['seven', TENANT],
    ['eight', '8'],
  ])
    await shared.query(
      'INSERT INTO tenantgate.logins (name, kind, tenants, secret) VALUES ($1, $2, $3, $4)',
      [name, 'app', [tenant], secret],
    )
}

function loginUrl(world: World, gateway: Gateway, login: string): string {
  const url = new URL(`postgres://127.0.0.1:${gateway.port}/${world.shared.name}`)
  url.username = login
  url.password = PASSWORD
  return url.href
}
