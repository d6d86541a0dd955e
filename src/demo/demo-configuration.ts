import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface DemoPorts {
  readonly gateway: number
  readonly admin: number
}

export interface DemoConfigurationOptions {
  /** The demo's folder, which exists. */
  readonly folder: string
  /** The superuser's connection string to the demo's database. */
  readonly databaseUrl: string
  /** The role that `init` creates for the gateway. */
  readonly role: { readonly name: string; readonly password: string }
  readonly ports: DemoPorts
}

/** Where the demo's audit records go, beside the table. */
export const AUDIT_FILE = 'audit.jsonl'

/**
 * Writes the configuration file that the gateway is started with, and gives its path.
 *
 * It is a file like any other, so that the other commands work on the demo too. JSON is YAML; the file holds passwords.
 */
export async function writeDemoConfiguration(options: DemoConfigurationOptions): Promise<string> {
  const path = join(options.folder, 'tenantgate.yaml')
  const text = `# the demo's configuration, written anew at each start\n${JSON.stringify(content(options), null, 2)}\n`
  await writeFile(path, text, { mode: 0o600 })
  return path
}

function content({ databaseUrl, role, ports }: DemoConfigurationOptions): object {
  const url = new URL(databaseUrl)
  url.username = role.name
  url.password = role.password
  return {
    listen: { host: '127.0.0.1', port: ports.gateway },
    upstream: { url: url.href, operatorUrl: databaseUrl },
    policy: {
      tenantColumn: 'tenant_id',
      searchPath: ['public'],
      relations: { 'public.countries': { access: 'shared' } },
    },
    audit: { table: true, file: AUDIT_FILE, literals: 'redact' },
    admin: { host: '127.0.0.1', port: ports.admin },
  }
}
