import { createHash, randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { type Server, serverUrl } from './servers.js'

/** A database of one test file's own, on the cluster of the run. */
export interface TestDatabase {
  /** Connection string of the superuser to this database. */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly name: string
  readonly user: string
  readonly password: string
  /** Runs SQL as the superuser, statements of one text included; `rows` are those of the last one. */
  query(sql: string, values?: readonly unknown[]): Promise<{ readonly rows: Record<string, unknown>[] }>
  /** A login role of the cluster with a name of its own, dropped with the database; `attributes` as in CREATE ROLE. */
  createRole(attributes?: string): Promise<TestRole>
  /** Ends every connection to the database and removes it. */
  drop(): Promise<void>
}

export interface TestRole {
  readonly user: string
  readonly password: string
  readonly url: string
}

export interface TestDatabaseOptions {
  /** Which server, of `availableServers()`. */
  readonly server?: Server
  /** Schema and data; run once per text and cluster, every database with the same text is a copy of that. */
  readonly sql?: string
}

/** Gives a fresh database. Call it in `beforeAll`, and `drop()` in `afterAll`. */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const adminUrl = await serverUrl(options.server?.key)
  const name = uniqueName('test')
  await withClient(adminUrl, async (admin) => {
    const template = options.sql === undefined ? 'template0' : await templateOf(admin, adminUrl, options.sql)
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`)
  })
  return new OpenDatabase(adminUrl, name)
}

class OpenDatabase implements TestDatabase {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly name: string
  readonly user: string
  readonly password: string
  readonly #adminUrl: string
  readonly #roles: string[] = []
  #client: Promise<Client> | undefined

  constructor(adminUrl: string, name: string) {
    const url = new URL(adminUrl)
    url.pathname = `/${name}`
    this.url = url.href
    this.host = url.hostname
    this.port = Number(url.port || 5432)
    this.name = name
    this.user = decodeURIComponent(url.username)
    this.password = decodeURIComponent(url.password)
    this.#adminUrl = adminUrl
  }

  async query(sql: string, values?: readonly unknown[]) {
    this.#client ??= connect(this.url)
    const client = await this.#client
    const result = await (values === undefined ? client.query(sql) : client.query(sql, [...values]))
    return Array.isArray(result) ? result.at(-1) : result
  }

  async createRole(attributes = ''): Promise<TestRole> {
    const user = uniqueName('role')
    const password = randomBytes(12).toString('hex')
    await this.query(`CREATE ROLE ${user} LOGIN PASSWORD '${password}' ${attributes}`)
    this.#roles.push(user)
    const url = new URL(this.url)
    url.username = user
    url.password = password
    return { user, password, url: url.href }
  }

  async drop() {
    await (await this.#client)?.end()
    await withClient(this.#adminUrl, async (admin) => {
      await admin.query(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`)
      for (const role of this.#roles) await admin.query(`DROP ROLE ${role}`)
    })
  }
}

/** Makes the template of a text, once: the lock lets other test files wait for it. */
async function templateOf(admin: Client, adminUrl: string, sql: string): Promise<string> {
  const name = `template_${createHash('sha256').update(sql).digest('hex').slice(0, 16)}`
  await admin.query(`SELECT pg_advisory_lock(hashtext('tenantgate test templates'))`)
  const { rows } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [name])
  if (rows.length === 0) {
    const fresh = uniqueName('template')
    await admin.query(`CREATE DATABASE ${fresh} TEMPLATE template0`)
    const url = new URL(adminUrl)
    url.pathname = `/${fresh}`
    await withClient(url.href, (client) => client.query(sql))
    await admin.query(`ALTER DATABASE ${fresh} RENAME TO ${name}`)
  }
  await admin.query(`SELECT pg_advisory_unlock(hashtext('tenantgate test templates'))`)
  return name
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(url)
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  // a server that stops ends the connection; the next query says so
  client.on('error', () => {})
  await client.connect()
  return client
}

function uniqueName(prefix: string): string {
  return `${prefix}_${randomBytes(6).toString('hex')}`
}
