import { Client } from 'pg'

/** The tour's connections: one for each login, opened when first asked for. */
export class TourSessions {
  readonly #open = new Map<string, Client>()

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
  const client = new Client({
    connectionString: url,
    application_name: 'guided tour',
    connectionTimeoutMillis: 10_000,
    query_timeout: 30_000,
  })
  // a connection that breaks later fails the statement that runs on it
  client.on('error', () => {})
  await client.connect()
  return client
}
