import { Client } from 'pg'
import { quoteIdentifier } from './quote.js'

export interface DatabaseWatchOptions {
  readonly connectionString: string
  /** What to do when a channel is notified, by channel. */
  readonly channels: ReadonlyMap<string, () => void>
  /** Called every `pollMs` in case a notification was missed, and after every reconnect. */
  readonly poll: () => void
  readonly pollMs: number
  readonly onError: (error: unknown) => void
}

const FIRST_BACKOFF_MS = 100
const LAST_BACKOFF_MS = 5000

/**
 * Listens for notifications on a connection of its own, for as long as it is wanted.
 *
 * A lost connection is opened again with growing pauses; what was announced meanwhile is found by `poll`.
 */
export class DatabaseWatch {
  readonly #options: DatabaseWatchOptions
  readonly #timer: NodeJS.Timeout
  #client: Client | null = null
  #retry: NodeJS.Timeout | null = null
  #stopped = false

  private constructor(options: DatabaseWatchOptions) {
    this.#options = options
    this.#timer = setInterval(options.poll, options.pollMs)
    this.#timer.unref()
  }

  /** Resolves when the first connection listens: no change after that goes unnoticed. */
  static async start(options: DatabaseWatchOptions): Promise<DatabaseWatch> {
    const watch = new DatabaseWatch(options)
    try {
      await watch.#connect()
    } catch (error) {
      await watch.stop()
      throw error
    }
    return watch
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    if (this.#retry !== null) clearTimeout(this.#retry)
    await this.#client?.end().catch(() => undefined)
    this.#client = null
  }

  async #connect(): Promise<void> {
    const { connectionString, channels } = this.#options
    const client = new Client({ connectionString, application_name: 'tenantgate watch', keepAlive: true })
    this.#client = client
    let open = false
    client.on('notification', ({ channel }) => channels.get(channel)?.())
    client.on('error', (error) => this.#options.onError(error))
    client.on('end', () => {
      if (open) this.#reconnect(FIRST_BACKOFF_MS)
    })
    await client.connect()
    for (const channel of channels.keys()) await client.query(`LISTEN ${quoteIdentifier(channel)}`)
    open = true
  }

  #reconnect(pauseMs: number): void {
    if (this.#stopped) return
    this.#retry = setTimeout(() => {
      this.#connect().then(
        () => this.#options.poll(),
        (error: unknown) => {
          this.#options.onError(error)
          void this.#client?.end().catch(() => undefined)
          this.#reconnect(Math.min(pauseMs * 2, LAST_BACKOFF_MS))
        },
      )
    }, pauseMs)
    this.#retry.unref()
  }
}
