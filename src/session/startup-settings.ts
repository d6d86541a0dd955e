import { GatewayError } from '../core/errors.js'
import type { Lessee } from '../upstream/lessee.js'
import type { SettingValues } from '../upstream/own-sql.js'
import type { LeasePool, LeaseRequest } from '../upstream/pool.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import { decodeFrame } from '../wire/codec.js'
import type { Frame } from '../wire/frame.js'
import { ErrorResponse } from '../wire/messages/error-response.js'

/** Anything goes, and the server reports it as it is. */
const UNQUESTIONED: ReadonlySet<string> = new Set([
  'application_name',
  'client_encoding',
  'search_path',
  'standard_conforming_strings',
  'statement_timeout',
])

/** Under whose name a connection is leased, and with what weight. */
export type Account = Pick<LeaseRequest, 'tenant' | 'weight'>

const REMEMBERED = 200
/** Drivers have few habits: most logins need no trial. */
const answers = new WeakMap<LeasePool, Map<string, ReadonlyMap<string, string>>>()

/**
 * What the server reports once a client's startup settings are in force, in the server's own spelling.
 *
 * The values are tried on a server connection, so that a bad one fails the login and not the first statement.
 *
 * Rejects with STARTUP_PARAMETER, QUEUE_TIMEOUT, UPSTREAM_UNAVAILABLE, SESSION_LOST
 */
export async function reportedParameters(
  pool: LeasePool,
  account: Account,
  settings: SettingValues,
): Promise<ReadonlyMap<string, string>> {
  const parameters = await pool.parameters()
  const questioned = [...settings].filter(([name]) => !UNQUESTIONED.has(name))
  if (questioned.length === 0) return parameters
  const key = JSON.stringify(questioned.sort())
  const known = answersOf(pool).get(key)
  if (known !== undefined) return known
  const reported = await new Promise<ReadonlyMap<string, string>>((resolve, reject) => {
    new SettingsTrial({ pool, account, settings, resolve, reject }).start()
  })
  remember(answersOf(pool), key, reported)
  return reported
}

function answersOf(pool: LeasePool): Map<string, ReadonlyMap<string, string>> {
  const known = answers.get(pool) ?? new Map()
  answers.set(pool, known)
  return known
}

function remember<V>(known: Map<string, V>, key: string, value: V): void {
  known.set(key, value)
  const [oldest] = known.keys()
  if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest)
}

/** A server that takes longer is stuck, or can't be reached any more. */
const TRIAL_LIMIT_MS = 10_000

interface TrialOptions {
  readonly pool: LeasePool
  readonly account: Account
  readonly settings: SettingValues
  readonly resolve: (parameters: ReadonlyMap<string, string>) => void
  readonly reject: (error: GatewayError) => void
}

/** Holds a server connection for as long as it takes to put the settings in force. */
class SettingsTrial implements Lessee, LeaseRequest {
  readonly clientIsCongested = false
  readonly resultLimits = null
  readonly tenant: string
  readonly weight: number
  readonly maxLeases = 0
  readonly #options: TrialOptions
  #connection: ServerConnection | null = null
  #limit: NodeJS.Timeout | null = null

  constructor(options: TrialOptions) {
    this.#options = options
    this.tenant = options.account.tenant
    this.weight = options.account.weight
  }

  start(): void {
    const connection = this.#options.pool.acquire(this)
    if (connection !== null) this.leased(connection)
  }

  leased(connection: ServerConnection): void {
    this.#connection = connection
    connection.lessee = this
    this.#limit = setTimeout(() => this.#expire(), TRIAL_LIMIT_MS).unref()
    connection.adopt(this.tenant, this.#options.settings)
    if (connection.replies.length === 0) this.idle()
    else connection.flush()
  }

  refused(error: GatewayError): void {
    this.#options.reject(error)
  }

  idle(): void {
    const connection = this.#letGo()
    if (connection === null) return
    connection.lessee = null
    this.#options.resolve(new Map(connection.parameters))
    this.#options.pool.release(connection)
  }

  error(frame: Frame): void {
    const reason = decodeFrame(ErrorResponse, frame).fields.get('M') ?? 'the server refuses it'
    this.#fail(new GatewayError('STARTUP_PARAMETER', { parameter: 'options', reason }))
  }

  #expire(): void {
    this.#fail(new GatewayError('UPSTREAM_UNAVAILABLE', {}, { cause: new Error('it does not answer') }))
  }

  #fail(error: GatewayError): void {
    this.#options.reject(error)
    const connection = this.#letGo()
    if (connection !== null) this.#options.pool.discard(connection)
  }

  #letGo(): ServerConnection | null {
    clearTimeout(this.#limit ?? undefined)
    const connection = this.#connection
    this.#connection = null
    return connection
  }

  lost(cause: Error): void {
    this.#letGo()
    this.#options.reject(new GatewayError('SESSION_LOST', {}, { cause }))
  }

  statementOf(): null {
    return null
  }

  // the client isn't told before it is greeted
  commandComplete(): void {}
  relay(): void {}
  notice(): void {}
  parameterStatus(): void {}
  ready(): void {}
  pause(): void {}
  drained(): void {}
}
