import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Client } from 'pg'
import { ScramSecret } from '../../src/auth/scram-secret.js'
import { migrate } from '../../src/tenants/migrate.js'
import { type Server, serverUrl } from '../support/servers.js'

export const PASSWORD = 'of tenant seven'

/** A shared database and its private twin, by name. */
export interface Pair {
  readonly shared: string
  readonly twin: string
}

/** The databases of one run, on one cluster, and the role that statements run as. */
export class Databases {
  readonly roleUrl: string
  readonly #adminUrl: string
  readonly #admin: Client
  readonly #role: string
  readonly #pairs: Pair[] = []

  private constructor(adminUrl: string, admin: Client) {
    this.#adminUrl = adminUrl
    this.#admin = admin
    this.#role = `regression_${randomBytes(6).toString('hex')}`
    const url = new URL(adminUrl)
    url.username = this.#role
    url.password = PASSWORD
    this.roleUrl = url.href
  }

  static async open(server: Server): Promise<Databases> {
    const url = await serverUrl(server.key)
    const admin = new Client({ connectionString: url })
    await admin.connect()
    const databases = new Databases(url, admin)
    await admin.query(
      `CREATE ROLE ${databases.#role} LOGIN PASSWORD '${PASSWORD}' IN ROLE pg_read_all_data, pg_write_all_data`,
    )
    return databases
  }

  ownerUrl(database: string): string {
    return withDatabase(this.#adminUrl, database)
  }

  /** An empty pair that knows how to make tables the tenants', or a copy of a pair that nobody is connected to. */
  async create(template?: Pair): Promise<Pair> {
    const id = randomBytes(6).toString('hex')
    const pair = { shared: `shared_${id}`, twin: `private_${id}` }
    this.#pairs.push(pair)
    for (const side of ['shared', 'twin'] as const) {
      await this.#admin.query(`CREATE DATABASE ${pair[side]} TEMPLATE ${template?.[side] ?? 'template0'}`)
      if (template === undefined) await this.#prepare(pair[side], side === 'shared')
    }
    return pair
  }

  async #prepare(database: string, isShared: boolean): Promise<void> {
    const client = new Client({ connectionString: this.ownerUrl(database) })
    await client.connect()
    await client.query(readFileSync(new URL('tenancy.sql', import.meta.url), 'utf8'))
    await client.query(`INSERT INTO tenancy.side VALUES (${isShared})`)
    await migrate(client, 'tenantgate')
    await client.query(`INSERT INTO tenantgate.tenants (id, name) VALUES ('7', 'Seven'), ('8', 'kanarie')`)
    const secret = ScramSecret.format(ScramSecret.create(PASSWORD, { iterations: 64 }))
    await client.query(
      `INSERT INTO tenantgate.logins (name, kind, tenants, secret) VALUES ('seven', 'app', '{7}', $1)`,
      [secret],
    )
    await client.end()
  }

  async drop(pair: Pair): Promise<void> {
    for (const name of [pair.shared, pair.twin])
      await this.#admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    this.#pairs.splice(this.#pairs.indexOf(pair), 1)
  }

  async close(): Promise<void> {
    for (const pair of [...this.#pairs]) await this.drop(pair)
    await this.#admin.query(`DROP ROLE ${this.#role}`)
    await this.#admin.end()
  }
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}
