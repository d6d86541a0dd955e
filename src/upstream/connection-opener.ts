import type { Clock } from '../core/clock.js'
import { Backoff } from './backoff.js'
import { connectUpstream, type UpstreamTarget } from './handshake.js'
import { ServerConnection } from './server-connection.js'

export interface ConnectionOpenerOptions {
  readonly target: UpstreamTarget
  /** How long a connection may be used; 0: no limit. Units: ms. */
  readonly lifetimeMs: number
  readonly preparedStatements: number
  readonly clock: Clock
  readonly observer: { connected(outcome: 'connected' | 'failed', error: unknown): void }
}

/** Whose connections they are. */
export interface ConnectionOwner {
  /** Whether an attempt that nobody asked for makes sense now. */
  wantsAttempt(): boolean
  opened(connection: ServerConnection): void
  failed(error: unknown): void
  closed(connection: ServerConnection, cause: Error | null): void
}

interface Curious {
  resolve(parameters: ReadonlyMap<string, string>): void
  reject(error: unknown): void
}

/**
 * Opens server connections, as many at a time as it is asked for.
 *
 * Once that has failed it tries by itself, one attempt at a time and ever more seldom, until it succeeds: a server that is
 * down isn't hammered, and one that is back is found without anybody asking.
 */
export class ConnectionOpener {
  readonly #options: ConnectionOpenerOptions
  readonly #owner: ConnectionOwner
  readonly #backoff = new Backoff()
  #opening = 0
  #parameters: ReadonlyMap<string, string> | null = null
  /** Who waits for the first connection to hear of the parameters. */
  readonly #curious: Curious[] = []
  #failure: string | null = null
  #retry: NodeJS.Timeout | null = null
  #stopped = false

  constructor(options: ConnectionOpenerOptions, owner: ConnectionOwner) {
    this.#options = options
    this.#owner = owner
  }

  /** Attempts that are under way. */
  get opening(): number {
    return this.#opening
  }

  /** Why the last attempt failed; null where it didn't. */
  get failure(): string | null {
    return this.#failure
  }

  /** What the server reported of its settings to the latest connection. Rejects where the attempt to open the first one fails. */
  parameters(): Promise<ReadonlyMap<string, string>> {
    if (this.#parameters !== null) return Promise.resolve(this.#parameters)
    return new Promise((resolve, reject) => {
      this.#curious.push({ resolve, reject })
      if (this.#opening === 0) this.open()
    })
  }

  /** Begins an attempt, unless the next one comes by itself; the owner hears how it ends. */
  open(): void {
    if (this.#failure === null && !this.#stopped) void this.#open()
  }

  /** Looks soon whether there is still a server, without anybody having to wait for one. */
  probe(): void {
    if (this.#retry !== null || this.#stopped) return
    this.#retry = setTimeout(() => {
      this.#retry = null
      if (this.#opening > 0) return
      if (this.#owner.wantsAttempt()) void this.#open()
      else this.#failure = null
    }, this.#backoff.failed())
    this.#retry.unref()
  }

  stop(): void {
    this.#stopped = true
    if (this.#retry !== null) clearTimeout(this.#retry)
    for (const { reject } of this.#curious.splice(0)) reject(new Error('no more connections are opened'))
  }

  async #open(): Promise<void> {
    this.#opening += 1
    const opened = await this.#connect().catch((error: unknown) => {
      this.#opening -= 1
      this.#failed(error)
      return null
    })
    if (opened === null) return
    this.#opening -= 1
    this.#owner.opened(opened)
  }

  async #connect(): Promise<ServerConnection> {
    const { target, observer, preparedStatements } = this.#options
    const handshake = await connectUpstream(target)
    observer.connected('connected', null)
    this.#parameters = handshake.parameters
    for (const { resolve } of this.#curious.splice(0)) resolve(handshake.parameters)
    this.#failure = null
    this.#backoff.succeeded()
    return new ServerConnection(handshake, {
      preparedStatements,
      expiresMs: this.#expiry(),
      closed: (connection, cause) => this.#owner.closed(connection, cause),
    })
  }

  #failed(error: unknown): void {
    this.#failure = error instanceof Error && error.message !== '' ? error.message : String(error)
    this.#options.observer.connected('failed', error)
    for (const { reject } of this.#curious.splice(0)) reject(error)
    this.probe()
    this.#owner.failed(error)
  }

  /** Connections that were opened together don't end together. */
  #expiry(): number {
    const { lifetimeMs, clock } = this.#options
    if (lifetimeMs === 0) return Number.POSITIVE_INFINITY
    return clock.monotonicMs() + lifetimeMs * (0.8 + Math.random() * 0.2)
  }
}
