import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { type TestDatabase, testDatabase } from './database.js'
import { type GatewayOptions, type TestGateway, testGateway } from './gateway.js'

/** A database of the test file's own, a gateway per test, and the clients of both. */
export class Sessions {
  #database: TestDatabase | undefined
  #gateway: TestGateway | undefined
  readonly #clients: Client[] = []

  /** To be called while the test file is being read: registers what starts and ends everything. */
  static use(sql: string): Sessions {
    const sessions = new Sessions()
    beforeAll(async () => {
      sessions.#database = await testDatabase({ sql })
    })
    afterEach(async () => {
      await Promise.all(sessions.#clients.splice(0).map((client) => client.end().catch(() => {})))
      await sessions.#gateway?.stop()
      expect(sessions.#gateway?.bugs ?? []).toEqual([])
    })
    afterAll(() => sessions.#database?.drop())
    return sessions
  }

  get database(): TestDatabase {
    if (this.#database === undefined) throw new Error('no database before the first test')
    return this.#database
  }

  get gateway(): TestGateway {
    if (this.#gateway === undefined) throw new Error('no gateway before start()')
    return this.#gateway
  }

  /** One server connection unless told otherwise: whatever one client leaves behind, the next one meets. */
  async start(options: Partial<GatewayOptions> = {}): Promise<void> {
    this.#gateway = await testGateway({ upstream: this.database.url, pool: { max: 1 }, ...options })
  }

  async connect(login = 'alice', options?: string): Promise<Client> {
    const connectionString = this.gateway.url(login)
    const client = new Client(options === undefined ? { connectionString } : { connectionString, options })
    client.on('error', () => {})
    await client.connect()
    this.#clients.push(client)
    return client
  }

  async untilRunning(query: string): Promise<void> {
    await expect.poll(() => this.#running(query), { timeout: 30_000 }).toBe(1)
  }

  async untilGone(query: string): Promise<void> {
    await expect.poll(() => this.#running(query), { timeout: 30_000 }).toBe(0)
  }

  async #running(query: string): Promise<unknown> {
    const { rows } = await this.database.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE query = $1 AND state = 'active'`,
      [query],
    )
    return rows[0]?.n
  }
}

/** A setting as the client's session has it. */
export async function show(client: Client, name: string): Promise<unknown> {
  return (await client.query(`SELECT current_setting('${name}') AS value`)).rows[0].value
}
