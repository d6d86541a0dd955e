import { setTimeout as sleep } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'

const PATIENCE_MS = 5_000
const PAUSE_MS = 250

/** The tour's connections: one for each login, opened when first asked for. */
export class TourSessions {
  readonly #open = new Map<string, Client>()

  /** Waits a moment for a login that the gateway doesn't know yet. */
  async get(url: string): Promise<Client> {
    const open = this.#open.get(url)
    if (open !== undefined) return open
    const client = await connect(url)
    this.#open.set(url, client)
    return client
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((client) => client.end()))
    this.#open.clear()
  }
}

async function connect(url: string): Promise<Client> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const client = new Client({
      connectionString: url,
      application_name: 'guided tour',
      connectionTimeoutMillis: 10_000,
      query_timeout: 30_000,
    })
    // a connection that breaks later fails the statement that runs on it
    client.on('error', () => {})
    try {
      await client.connect()
      return client
    } catch (error) {
      await client.end().catch(() => {})
      const isUnknown = error instanceof DatabaseError && error.code === '28P01'
      if (!isUnknown || performance.now() > deadline) throw error
      await sleep(PAUSE_MS)
    }
  }
}
