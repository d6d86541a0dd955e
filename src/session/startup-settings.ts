import { GatewayError } from '../core/errors.js'
import type { Lessee } from '../upstream/lessee.js'
import type { SettingValues } from '../upstream/own-sql.js'
import type { LeaseRequest, Pool } from '../upstream/pool.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import { decodeFrame } from '../wire/codec.js'
import type { Frame } from '../wire/frame.js'
import { ErrorResponse } from '../wire/messages/error-response.js'

/** Anything goes, and the server reports it as it is. */
const UNQUESTIONED: ReadonlySet<string> = new Set(['application_name', 'search_path', 'client_encoding'])

/**
 * What the server reports once a client's startup settings are in force, in the server's own spelling.
 *
 * The values are tried on a server connection, so that a bad one fails the login and not the first statement.
 *
 * Rejects with STARTUP_PARAMETER, QUEUE_TIMEOUT, UPSTREAM_UNAVAILABLE, UPSTREAM_LOST
 */
export async function reportedParameters(
  pool: Pool,
  tenant: string,
  settings: SettingValues,
): Promise<ReadonlyMap<string, string>> {
  const parameters = await pool.parameters()
  if ([...settings.keys()].every((name) => UNQUESTIONED.has(name))) return parameters
  return new Promise((resolve, reject) => {
    new SettingsTrial({ pool, tenant, settings, resolve, reject }).start()
  })
}

interface TrialOptions {
  readonly pool: Pool
  readonly tenant: string
  readonly settings: SettingValues
  readonly resolve: (parameters: ReadonlyMap<string, string>) => void
  readonly reject: (error: GatewayError) => void
}

/** Holds a server connection for as long as it takes to put the settings in force. */
class SettingsTrial implements Lessee, LeaseRequest {
  readonly clientIsCongested = false
  readonly tenant: string
  readonly #options: TrialOptions
  #connection: ServerConnection | null = null

  constructor(options: TrialOptions) {
    this.#options = options
    this.tenant = options.tenant
  }

  start(): void {
    const connection = this.#options.pool.acquire(this)
    if (connection !== null) this.leased(connection)
  }

  leased(connection: ServerConnection): void {
    this.#connection = connection
    connection.lessee = this
    connection.adopt(this.#options.settings)
    if (connection.replies.length === 0) this.idle()
    else connection.flush()
  }

  refused(error: GatewayError): void {
    this.#options.reject(error)
  }

  idle(): void {
    const connection = this.#connection
    if (connection === null) return
    this.#connection = null
    connection.lessee = null
    this.#options.resolve(new Map(connection.parameters))
    this.#options.pool.release(connection)
  }

  error(frame: Frame): void {
    const reason = decodeFrame(ErrorResponse, frame).fields.get('M') ?? 'the server refuses it'
    this.#options.reject(new GatewayError('STARTUP_PARAMETER', { parameter: 'options', reason }))
    const connection = this.#connection
    this.#connection = null
    if (connection !== null) this.#options.pool.discard(connection)
  }

  lost(cause: Error): void {
    this.#connection = null
    this.#options.reject(new GatewayError('UPSTREAM_LOST', {}, { cause }))
  }

  commandComplete(): boolean {
    return true
  }

  // the client isn't told before it is greeted
  relay(): void {}
  notice(): void {}
  parameterStatus(): void {}
  ready(): void {}
  pause(): void {}
  drained(): void {}
}
