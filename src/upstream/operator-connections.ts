import { DatabaseError } from 'pg'
import { GatewayError } from '../core/errors.js'
import { settingRefusal } from '../policy/settings.js'
import { Terminate } from '../wire/messages/terminate.js'
import { connectUpstream } from './handshake.js'
import type { SettingValues } from './own-sql.js'
import { ServerConnection } from './server-connection.js'
import { frameWithoutSql } from './server-frame.js'

/** How long an operator's session may stay. Units: ms; 0: no limit. */
export interface OperatorTimes {
  /** Without a message of the client's and with nothing to do for it, a transaction that it left open or not. */
  readonly idleTimeoutMs: number
  /** From its login on; a transaction is ended with its next message. */
  readonly lifetimeMs: number
}

export interface OperatorConnectionsOptions {
  /** The operators' own connection string; never the tenants'. */
  readonly url: string
  /** At a time; each operator's session has one. 0: operators aren't served. */
  readonly max: number
  readonly connectTimeoutMs: number
  readonly times: OperatorTimes
  readonly observer: {
    connected(outcome: 'connected' | 'failed', error: unknown): void
    lost(cause: Error | null): void
  }
}

/** As the settings of a command line are written; anything else couldn't be a name. */
const SETTING_NAME = /^[a-z_][a-z0-9_$]*(\.[a-z_][a-z0-9_$]*)?$/
/** What a server says against a setting, and not against who connects. */
const AGAINST_SETTING = /^(22|42)/
const FAREWELL = frameWithoutSql(Terminate.bytes)

/**
 * The server connections of operators: one for each session, which nobody had before and nobody gets afterwards.
 *
 * They have nothing to do with the tenants' pool: another role, another cap.
 */
export class OperatorConnections {
  readonly times: OperatorTimes
  readonly #options: OperatorConnectionsOptions
  readonly #open = new Set<ServerConnection>()
  #opening = 0

  constructor(options: OperatorConnectionsOptions) {
    this.#options = options
    this.times = options.times
  }

  get max(): number {
    return this.#options.max
  }

  get size(): number {
    return this.#open.size + this.#opening
  }

  /**
   * A fresh connection that starts with these settings, and goes back to them by RESET.
   *
   * Rejects with LOGIN_KIND, TOO_MANY_CONNECTIONS, STARTUP_PARAMETER, UPSTREAM_UNAVAILABLE
   */
  async open(settings: SettingValues): Promise<ServerConnection> {
    const { max } = this.#options
    if (max === 0) throw new GatewayError('LOGIN_KIND', { kind: 'operator' })
    for (const [parameter, value] of settings) judge(parameter, value)
    if (this.size >= max) throw new GatewayError('TOO_MANY_CONNECTIONS', {})
    this.#opening += 1
    try {
      return await this.#connect(settings)
    } finally {
      this.#opening -= 1
    }
  }

  /** What still runs on it is cancelled: a server doesn't notice before its end that nobody waits. */
  close(connection: ServerConnection): void {
    if (!this.#open.delete(connection)) return
    if (connection.replies.length === 0) {
      connection.terminate(FAREWELL)
      return
    }
    connection.cancel()
    connection.destroy()
  }

  /** Resolves when everything that ran is told to end. */
  async stop(): Promise<void> {
    const open = [...this.#open]
    for (const connection of open) this.close(connection)
    await Promise.all(open.map((connection) => connection.cancelling))
  }

  async #connect(settings: SettingValues): Promise<ServerConnection> {
    const { url, connectTimeoutMs, observer } = this.#options
    const handshake = await connectUpstream({ url, settings, connectTimeoutMs }).catch((cause: unknown) => {
      observer.connected('failed', cause)
      throw refusal(cause)
    })
    observer.connected('connected', null)
    const connection = new ServerConnection(handshake, {
      preparedStatements: 0,
      expiresMs: Number.POSITIVE_INFINITY,
      closed: (closed, cause) => {
        if (this.#open.delete(closed)) observer.lost(cause)
      },
    })
    this.#open.add(connection)
    return connection
  }
}

/** All others are the server's to judge. */
function judge(parameter: string, value: string): void {
  const reason = SETTING_NAME.test(parameter)
    ? encodingRefusal(parameter, value)
    : 'it is no name of a setting'
  if (reason !== null) throw new GatewayError('STARTUP_PARAMETER', { parameter, reason })
}

/** The login speaks UTF8; a session may SET another one. */
function encodingRefusal(parameter: string, value: string): string | null {
  return parameter === 'client_encoding' ? settingRefusal(parameter, value) : null
}

function refusal(cause: unknown): GatewayError {
  if (cause instanceof DatabaseError && AGAINST_SETTING.test(cause.code ?? ''))
    return new GatewayError('STARTUP_PARAMETER', { parameter: 'options', reason: cause.message }, { cause })
  return new GatewayError('UPSTREAM_UNAVAILABLE', {}, { cause })
}
