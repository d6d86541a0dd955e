import { pino } from 'pino'
import { type Gateway, startGateway } from '../../src/app.js'
import { ConfigurationSchema } from '../../src/config/schema.js'
import { type Databases, PASSWORD, type Pair, withDatabase } from './databases.js'

export interface OpenGateway {
  readonly gateway: Gateway
  readonly url: string
}

/** What the policy says of one script. */
export interface ScriptPolicy {
  /** Functions of the schema's own. */
  readonly allowed: readonly string[]
  readonly searchPath: readonly string[]
}

/** The whole gateway in front of a shared database. */
export async function openGateway(
  databases: Databases,
  pair: Pair,
  { allowed, searchPath }: ScriptPolicy,
): Promise<OpenGateway> {
  const configuration = ConfigurationSchema.parse({
    listen: { port: 0 },
    upstream: {
      url: withDatabase(databases.roleUrl, pair.shared),
      operatorUrl: databases.ownerUrl(pair.shared),
    },
    policy: { functions: { allow: allowed }, searchPath },
    limits: { statementTimeoutMs: 60_000 },
    admin: { port: null },
    audit: { table: false },
  })
  const gateway = await startGateway(configuration, { logger: pino({ level: 'silent' }) })
  const url = new URL(`postgres://127.0.0.1:${gateway.port}/${pair.shared}`)
  url.username = 'seven'
  url.password = PASSWORD
  return { gateway, url: url.href }
}
