import { type Command, Option } from 'commander'
import { Client } from 'pg'
import { loadConfiguration } from '../config/load.js'
import type { Configuration } from '../config/schema.js'
import { LoginWrites } from '../tenants/login-writes.js'
import { TenantWrites } from '../tenants/tenant-writes.js'
import type { Terminal } from './terminal.js'

export interface ConfigOption {
  readonly config: string
}

/** `--config FILE`, or the variable TENANTGATE_CONFIG. */
export function withConfig(command: Command): Command {
  return command.addOption(
    new Option('-c, --config <file>', 'configuration file')
      .env('TENANTGATE_CONFIG')
      .default('tenantgate.yaml'),
  )
}

export function configurationOf({ config }: ConfigOption, terminal: Terminal): Promise<Configuration> {
  return loadConfiguration(config, terminal.variables)
}

/** Lends a connection as the operator for as long as `use` runs. */
export async function asOperator<T>(
  configuration: Configuration,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    connectionString: configuration.upstream.operatorUrl,
    application_name: 'tenantgate command line',
  })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

export interface Writes {
  readonly tenants: TenantWrites
  readonly logins: LoginWrites
}

/** Lends the control schema's tables for as long as `use` runs. */
export async function withControlSchema<T>(
  options: ConfigOption,
  terminal: Terminal,
  use: (writes: Writes) => Promise<T>,
): Promise<T> {
  const configuration = await configurationOf(options, terminal)
  return asOperator(configuration, (client) => {
    const query = (sql: string, values: readonly unknown[]) => client.query(sql, [...values])
    const { schema } = configuration.control
    return use({ tenants: new TenantWrites(query, schema), logins: new LoginWrites(query, schema) })
  })
}
