import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { Random } from '../property/random.js'
import { type Faults, pump } from './faulty-pump.js'

/** What becomes of the two directions of one connection. */
export interface Plan {
  readonly toServer?: Faults
  readonly toClient?: Faults
}

export interface FaultProxyOptions {
  /** Where the other side listens. */
  readonly port: number
  /** From which all faults follow, connection by connection; to be shown where a test fails. */
  readonly seed: number
  /** Asked once for each connection, the first one has number 0; changes nothing unless a test says so. */
  readonly plan?: (random: Random, connection: number) => Plan
}

const NO_FAULTS: Plan = {}

/** One connection through the proxy. */
export interface Link {
  /** Without a goodbye: both ends get a reset. */
  cut(): void
}

/** Stands between two ends of TCP connections and is what networks are: slow, fragmented, broken. */
export class FaultProxy {
  readonly port: number
  plan: (random: Random, connection: number) => Plan
  readonly #server: Server
  readonly #options: FaultProxyOptions
  readonly #links = new Set<Link>()
  #connections = 0

  private constructor(server: Server, options: FaultProxyOptions) {
    this.#server = server
    this.#options = options
    this.plan = options.plan ?? (() => NO_FAULTS)
    this.port = (server.address() as AddressInfo).port
    server.on('connection', (client) => this.#relay(client))
  }

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    // the end of one direction is not the end of the other
    const server = createServer({ allowHalfOpen: true, noDelay: true })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new FaultProxy(server, options)
  }

  /** Those that are open. */
  get links(): readonly Link[] {
    return [...this.#links]
  }

  /** A connection string that leads through the proxy. */
  through(url: string): string {
    const changed = new URL(url)
    changed.hostname = '127.0.0.1'
    changed.port = String(this.port)
    return changed.href
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const link of this.#links) link.cut()
    await closed
  }

  #relay(client: Socket): void {
    const number = this.#connections++
    const random = new Random(this.#options.seed + number)
    const { toServer = {}, toClient = {} } = this.plan(random, number)
    const server = connect({
      host: '127.0.0.1',
      port: this.#options.port,
      allowHalfOpen: true,
      noDelay: true,
    })
    const link: Link = {
      cut: () => {
        client.resetAndDestroy()
        server.resetAndDestroy()
      },
    }
    this.#links.add(link)
    for (const socket of [client, server]) {
      socket.on('error', () => {})
      socket.once('close', (hadError) => {
        if (client.closed && server.closed) this.#links.delete(link)
        // what was said properly may still be on its way
        if (hadError) link.cut()
      })
    }
    pump({ from: client, to: server, faults: toServer, random, cut: link.cut })
    pump({ from: server, to: client, faults: toClient, random, cut: link.cut })
  }
}
