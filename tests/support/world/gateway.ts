import { Client } from 'pg'
import { pino } from 'pino'
import { type Gateway, startGateway } from '../../../src/app.js'
import { ScramSecret } from '../../../src/auth/scram-secret.js'
import { ConfigurationSchema } from '../../../src/config/schema.js'
import { migrate } from '../../../src/tenants/migrate.js'
import { TENANT, type World } from './world.js'

const PASSWORD = 'of tenant seven'

/** Tenants that have no rows, so that an analyst of tenant 7 and these sees what tenant 7 sees. */
const EMPTY = ['1', '2', '3', '4', '5', '6', '10', '11', '12', '13']
/** Analysts of tenant 7, by how many tenants they have: of none, one, and so many that the server compares by a hash. */
const ANALYSTS = [1, 2, EMPTY.length + 1] as const

/** The whole gateway in front of the world's shared database, with a login for tenant 7, one for tenant 8, and analysts. */
export interface WorldGateway {
  /** Connection string of tenant 7's login. */
  readonly url: string
  /** Connection string of tenant 8's. */
  readonly neighbourUrl: string
  /** Connection strings of analysts who reach tenant 7 and tenants without rows, by how many tenants that are. */
  readonly analystUrls: ReadonlyMap<number, string>
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
    analystUrls: new Map(ANALYSTS.map((count) => [count, loginUrl(world, gateway, `analyst${count}`)])),
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
  await shared.query(
    "INSERT INTO tenantgate.tenants (id, name) SELECT id, 'Empty' FROM pg_catalog.unnest($1::text[]) AS id",
    [EMPTY],
  )
  const add = (name: string, kind: string, tenants: readonly string[]) =>
    shared.query('INSERT INTO tenantgate.logins (name, kind, tenants, secret) VALUES ($1, $2, $3, $4)', [
      name,
      kind,
      tenants,
      secret,
    ])
  await add('seven', 'app', [TENANT])
  await add('eight', 'app', ['8'])
  for (const count of ANALYSTS)
    await add(`analyst${count}`, 'analyst', [...EMPTY.slice(0, count - 1), TENANT])
}

function loginUrl(world: World, gateway: Gateway, login: string): string {
  const url = new URL(`postgres://127.0.0.1:${gateway.port}/${world.shared.name}`)
  url.username = login
  url.password = PASSWORD
  return url.href
}
