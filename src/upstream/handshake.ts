import type { Socket } from 'node:net'
import { Client, type ClientConfig } from 'pg'
import { guardReading, type Reading } from './guarded-reading.js'
import type { SettingValues } from './own-sql.js'

/** How to reach the server, and what every connection starts with. */
export interface UpstreamTarget {
  readonly url: string
  /** What the connection starts with, and RESET goes back to; the encoding is UTF8 in any case. */
  readonly settings: SettingValues
  readonly connectTimeoutMs: number
}

/** A connection that has just said ReadyForQuery for the first time. */
export interface Handshake {
  readonly socket: Socket
  readonly cancelKey: CancelKey
  /** What the server has reported of its settings. */
  readonly parameters: ReadonlyMap<string, string>
}

export interface CancelKey {
  readonly processId: number
  readonly secret: Buffer
}

/** What `pg` has, without being in its type declarations. */
interface TakenOver {
  readonly processID: number
  readonly secretKey: number
  readonly connection: Reading & {
    readonly stream: Socket
    on(event: 'parameterStatus', listener: (message: ParameterMessage) => void): void
  }
}

interface ParameterMessage {
  readonly parameterName: string
  readonly parameterValue: string
}

/**
 * Opens a connection and logs in, with everything `pg` knows to do for that, and takes the socket away from it.
 *
 * Rejects with the error of `pg` or of the network.
 */
export function connectUpstream(target: UpstreamTarget): Promise<Handshake> {
  const config: ClientConfig & { client_encoding: string } = {
    connectionString: target.url,
    client_encoding: 'UTF8',
    application_name: target.settings.get('application_name') ?? 'tenantgate',
    options: startupOptions(target.settings),
    connectionTimeoutMillis: target.connectTimeoutMs,
    keepAlive: true,
  }
  const client = new Client(config)
  const taken = client as unknown as TakenOver
  const parameters = new Map<string, string>()
  taken.connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
    parameters.set(parameterName, parameterValue)
  })
  guardReading(taken.connection)
  // what happens to the socket later is its new owner's business
  client.on('error', () => {})
  return new Promise((resolve, reject) => {
    // a callback and not a promise: the socket changes hands before it can say anything more
    client.connect((error: Error | null) => {
      if (error) {
        // a server that is told nothing takes the client for logged in
        taken.connection.stream.destroy()
        reject(error)
        return
      }
      try {
        resolve(takeOver(taken, parameters))
      } catch (broken) {
        taken.connection.stream.destroy()
        reject(broken)
      }
    })
  })
}

function takeOver(client: TakenOver, parameters: ReadonlyMap<string, string>): Handshake {
  const socket = client.connection.stream
  socket.removeAllListeners('data')
  socket.pause()
  const secret = Buffer.alloc(4)
  secret.writeInt32BE(client.secretKey)
  return { socket, cancelKey: { processId: client.processID, secret }, parameters }
}

/** They stand in the startup packet under their own names. */
const OWN_PARAMETER: ReadonlySet<string> = new Set(['application_name', 'client_encoding'])

/** Source   https://www.postgresql.org/docs/current/protocol-message-formats.html, StartupMessage, `options` */
function startupOptions(settings: SettingValues): string {
  const named = [...settings].filter(([name]) => !OWN_PARAMETER.has(name))
  return named.map(([name, value]) => `-c ${escapeOption(`${name}=${value}`)}`).join(' ')
}

/** What tenants' connections start with; names that the gateway writes don't depend on it. */
export function tenantsStartup(searchPath: readonly string[]): SettingValues {
  // left out, pg_temp would come first, and a temporary table's row type before every other type of that name
  const path = [...searchPath.filter((name) => name !== 'pg_temp'), 'pg_temp']
    .map((name) => `"${name.replaceAll('"', '""')}"`)
    .join(', ')
  return new Map([
    ['search_path', path],
    ['standard_conforming_strings', 'on'],
  ])
}

function escapeOption(value: string): string {
  return value.replace(/[\s\\]/g, (character) => `\\${character}`)
}
