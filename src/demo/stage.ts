import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { type GatewayOverrides, startGateway } from '../app.js'
import { loadConfiguration } from '../config/load.js'
import { policyOf } from '../config/policy.js'
import type { Configuration } from '../config/schema.js'
import { provision } from '../upstream/provision/provision.js'
import type { Cleanup } from './cleanup.js'
import { freePort } from './database/free-port.js'
import { startDatabase } from './database/start-database.js'
import { AUDIT_FILE, writeDemoConfiguration } from './demo-configuration.js'
import { createDemoDatabase, dropDemoDatabase } from './demo-database.js'
import { type Credentials, type DemoLogin, employ, onboard } from './onboard.js'
import { DEMO_TENANTS } from './tenants.js'

export interface StageOptions {
  /** Holds configuration, audit and log; exists. */
  readonly folder: string
  /** Keeps the data of a server of the demo's own in the folder; else they are temporary. */
  readonly keepsData: boolean
  /** Name of the database; `_app` behind it is the gateway's role. */
  readonly name: string
  readonly ports: { readonly gateway: number; readonly admin: number }
  readonly print: (line: string) => void
  readonly signal: AbortSignal
  /** Opens the gateway's log. */
  readonly openLog: (file: string) => Logger
}

export type Logger = NonNullable<GatewayOverrides['logger']>

/** Everything up and ready: database, data, tenants, gateway. */
export interface Stage {
  readonly configuration: Configuration
  readonly configurationFile: string
  readonly auditFile: string
  readonly source: string
  readonly databaseUrl: string
  /** A superuser's connection around the gateway. */
  readonly truth: Client
  readonly port: number
  readonly adminPort: number | null
  readonly logins: readonly DemoLogin[]
  /** Of `STAFF`. */
  readonly staff: readonly Credentials[]
  /** Resolves when the gateway knows every change of tenants and logins that was committed before. */
  refresh(): Promise<void>
}

const LOG_FILE = 'gateway.log'

/** Sets the stage; whatever has been started is undone by `cleanup`, also when the rest fails. */
export async function setStage(options: StageOptions, cleanup: Cleanup): Promise<Stage> {
  const { folder, print, signal, name } = options
  print('Starting PostgreSQL …')
  const server = await startDatabase(options.keepsData ? { dataDirectory: join(folder, 'data') } : {})
  cleanup.add(() => server.stop())
  signal.throwIfAborted()
  print('Creating a schema and the rows of five tenants …')
  const role = { name: `${name}_app`, password: randomBytes(18).toString('base64url') }
  const names = { name, role: role.name }
  cleanup.add(() => dropDemoDatabase(server.url, names))
  const databaseUrl = await createDemoDatabase(server.url, names)
  signal.throwIfAborted()
  const ports = {
    gateway: await choosePort(options.ports.gateway),
    admin: await choosePort(options.ports.admin),
  }
  const auditFile = join(folder, AUDIT_FILE)
  await rm(auditFile, { force: true })
  const configurationFile = await writeDemoConfiguration({ folder, databaseUrl, role, ports })
  const configuration = await loadConfiguration(configurationFile)
  const truth = await connect(databaseUrl, cleanup)
  await provision(truth, {
    upstreamUrl: configuration.upstream.url,
    policy: policyOf(configuration),
    rowSecurity: false,
  })
  const logins: DemoLogin[] = []
  for (const tenant of DEMO_TENANTS) logins.push(await onboard(truth, tenant))
  const staff = await employ(truth)
  signal.throwIfAborted()
  print('Starting the gateway …')
  const gateway = await startGateway(configuration, { logger: options.openLog(join(folder, LOG_FILE)) })
  cleanup.add(() => gateway.stop())
  const { port, adminPort } = gateway
  const { source } = server
  return {
    configuration,
    configurationFile,
    auditFile,
    source,
    databaseUrl,
    truth,
    port,
    adminPort,
    logins,
    staff,
    refresh: () => gateway.refresh(),
  }
}

/** The gateway itself takes a free one for 0. */
async function choosePort(preferred: number): Promise<number> {
  return preferred === 0 ? 0 : freePort(preferred)
}

async function connect(url: string, cleanup: Cleanup): Promise<Client> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  cleanup.add(() => client.end())
  return client
}

/** What a client of the login pastes. */
export function loginUrl(stage: Pick<Stage, 'port' | 'databaseUrl'>, login: Credentials): string {
  const { pathname } = new URL(stage.databaseUrl)
  return `postgres://${login.name}:${login.password}@127.0.0.1:${stage.port}${pathname}`
}
