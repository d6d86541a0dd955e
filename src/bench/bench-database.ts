import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Client } from 'pg'
import { ScramSecret } from '../auth/scram-secret.js'
import { quoteLiteral } from '../tenants/quote.js'
import type { Credentials } from './peer.js'
import type { Route } from './pgbouncer.js'

/** Two databases with the same rows; one has policies on its tables. */
export interface BenchDatabases {
  readonly serverVersion: string
  /** Superuser's URL to the database without policies. */
  readonly operatorUrl: string
  /** URL of the role that the gateway's provisioning will create. */
  readonly gatewayUrl: string
  readonly plain: Route
  readonly rowSecurity: Route
  /** Size of the rows of the large result as they go over the wire. */
  readonly largeResultBytes: number
  /** The same as a COPY gives them. */
  readonly copiedBytes: number
  drop(): Promise<void>
}

/** Creates both on a server with so many rows for the large result, under names that nobody else has, with a role each. */
export async function createBenchDatabases(serverUrl: string, largeRows: number): Promise<BenchDatabases> {
  const name = `tenantgate_bench_${randomBytes(4).toString('hex')}`
  const names = { plain: name, rowSecurity: `${name}_rls`, gateway: `${name}_gateway` }
  const drop = () => dropAll(serverUrl, names)
  try {
    const plain = await createRole(serverUrl, names.plain)
    const rowSecurity = await createRole(serverUrl, names.rowSecurity)
    const schema = await script('schema.sql')
    const operatorUrl = urlOf(serverUrl, names.plain)
    await statements(serverUrl, [`CREATE DATABASE ${names.plain} TEMPLATE template0 ENCODING 'UTF8'`])
    await statements(operatorUrl, [
      schema.replaceAll(':largeRows', String(largeRows)),
      grantTo(names.plain),
      'VACUUM ANALYZE',
    ])
    await statements(serverUrl, [`CREATE DATABASE ${names.rowSecurity} TEMPLATE ${names.plain}`])
    const rowSecurityUrl = urlOf(serverUrl, names.rowSecurity)
    await statements(rowSecurityUrl, [await script('row-security.sql'), grantTo(names.rowSecurity)])
    // pages written now are not written while something is measured
    await statements(serverUrl, ['CHECKPOINT'])
    const gatewayUrl = new URL(operatorUrl)
    gatewayUrl.username = names.gateway
    gatewayUrl.password = randomBytes(18).toString('hex')
    return {
      ...(await facts(operatorUrl)),
      operatorUrl,
      gatewayUrl: gatewayUrl.href,
      plain,
      rowSecurity,
      drop,
    }
  } catch (error) {
    await drop()
    throw error
  }
}

async function createRole(serverUrl: string, name: string): Promise<Route> {
  const password = randomBytes(18).toString('hex')
  const verifier = ScramSecret.format(ScramSecret.create(password))
  await statements(serverUrl, [`CREATE ROLE ${name} LOGIN PASSWORD ${quoteLiteral(verifier)}`])
  return { server: credentialsOf(serverUrl, { user: name, password, database: name }), verifier }
}

function credentialsOf(url: string, login: Pick<Credentials, 'user' | 'password' | 'database'>): Credentials {
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port || 5432), ...login }
}

function grantTo(role: string): string {
  return `GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO ${role}`
}

async function facts(url: string) {
  const [row] = await query<{ readonly version: string; readonly bytes: string; readonly copied: string }>(
    url,
    // a DataRow is its type, its length, the number of its fields, and a length before each field
    `SELECT current_setting('server_version') AS version,
            sum(7 + 3 * 4 + length(eid::text) + length(happened_at::text) + length(payload)) AS bytes,
            sum(3 + length(eid::text) + length(happened_at::text) + length(payload)) AS copied
     FROM events WHERE tenant_id = 'acme'`,
  )
  return {
    serverVersion: row?.version ?? '',
    largeResultBytes: Number(row?.bytes),
    copiedBytes: Number(row?.copied),
  }
}

async function dropAll(serverUrl: string, names: Readonly<Record<string, string>>): Promise<void> {
  const { plain, rowSecurity, gateway } = names
  await statements(serverUrl, [
    ...[plain, rowSecurity].map((name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
    ...[plain, rowSecurity, gateway].map((name) => `DROP ROLE IF EXISTS ${name}`),
  ])
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}

function script(name: string): Promise<string> {
  return readFile(new URL(`sql/${name}`, import.meta.url), 'utf8')
}

async function statements(url: string, texts: readonly string[]): Promise<void> {
  for (const text of texts) await query(url, text)
}

async function query<Row extends object>(url: string, text: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}
