import { Client } from 'pg'
import { pino } from 'pino'
import { type Gateway, startGateway } from '../../../src/app.js'
import { ScramSecret } from '../../../src/auth/scram-secret.js'
import { ConfigurationSchema } from '../../../src/config/schema.js'
import { migrate } from '../../../src/tenants/migrate.js'
import { TENANT, type World } from './world.js'

const PASSWORD = 'of tenant seven'

/** The whole gateway in front of the world's shared database, with one login for tenant 7. */
export interface WorldGateway {
  /** Connection string of tenant 7's login. */
  readonly url: string
  stop(): Promise<void>
}

export async function openGateway(world: World): Promise<WorldGateway> {
  await register(world)
  const gateway = await startGateway(configurationOf(world), { logger: pino({ level: 'silent' }) })
  return { url: loginUrl(world, gateway), stop: () => gateway.stop() }
}

function configurationOf(world: World) {
  return ConfigurationSchema.parse({
    listen: { port: 0 },
    upstream: { url: world.role.url, operatorUrl: world.shared.url },
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
  await shared.query('INSERT INTO tenantgate.logins (name, kind, tenants, secret) VALUES ($1, $2, $3, $4)', [
    'seven',
    'app',
    [TENANT],
    secret,
  ])
}

function loginUrl(world: World, gateway: Gateway): string {
  const url = new URL(`postgres://127.0.0.1:${gateway.port}/${world.shared.name}`)
  url.username = 'seven'
  url.password = PASSWORD
  return url.href
}
