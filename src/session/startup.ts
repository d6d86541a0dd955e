import type { Socket } from 'node:net'
import { GatewayError } from '../core/errors.js'
import { NegotiateProtocolVersion } from '../wire/messages/negotiate-protocol-version.js'
import { type CancelRequest, decodeStartupPacket, type StartupMessage } from '../wire/startup-packet.js'
import type { FrameReader } from './frame-reader.js'
import { parseStartupOptions } from './startup-options.js'
import { type Transport, transportOf } from './transport.js'

/** What a client asked for before it said who it is. */
export interface StartupRequest {
  readonly user: string
  readonly database: string
  /** Setting name in lower case → value; not judged yet. */
  readonly settings: ReadonlyMap<string, string>
  /** 32 from protocol 3.2 on. */
  readonly secretBytes: number
  readonly transport: Transport
}

const LATEST_MINOR = 2
/** Longer than any login's name is: what is longer is nobody's, and is remembered and written down in part. */
const MAX_USER_CHARACTERS = 255
/** Neither settings nor options of the protocol. */
const RESERVED: ReadonlySet<string> = new Set(['user', 'database', 'options', 'replication'])

/**
 * Reads the startup message, or a cancel request instead of it.
 *
 * Whether the connection is encrypted has been settled: a cancel request is taken either way, for many clients never
 * encrypt it; it shows nothing but its key.
 *
 * Throws   TLS_REQUIRED, CLIENT_CERTIFICATE, PROTOCOL_VIOLATION, UNEXPECTED_MESSAGE, UNSUPPORTED_PROTOCOL, REPLICATION, STARTUP_PARAMETER
 */
export async function readStartup(
  reader: FrameReader,
  socket: Socket,
  requiresTls: boolean,
): Promise<StartupRequest | CancelRequest> {
  const packet = decodeStartupPacket(await reader.next())
  if (packet.kind === 'cancel-request') return packet
  const transport = transportOf(socket, requiresTls)
  if (packet.kind !== 'startup-message')
    throw new GatewayError('UNEXPECTED_MESSAGE', { message: packet.kind, phase: 'startup' })
  return { ...negotiate(packet, socket), transport }
}

function negotiate(
  { minorVersion, parameters }: StartupMessage,
  socket: Socket,
): Omit<StartupRequest, 'transport'> {
  const unknown = [...parameters.keys()].filter((name) => name.startsWith('_pq_.'))
  if (minorVersion > LATEST_MINOR || unknown.length > 0) {
    const minor = Math.min(minorVersion, LATEST_MINOR)
    socket.write(NegotiateProtocolVersion.encode({ version: 0x30000 | minor, options: unknown }))
  }
  const user = parameters.get('user')
  if (user === undefined || user === '')
    throw new GatewayError('STARTUP_PARAMETER', { parameter: 'user', reason: 'it is missing' })
  if (isOn(parameters.get('replication'))) throw new GatewayError('REPLICATION', {})
  return {
    user: user.slice(0, MAX_USER_CHARACTERS),
    database: parameters.get('database') || user,
    settings: startupSettings(parameters),
    secretBytes: minorVersion >= LATEST_MINOR ? 32 : 4,
  }
}

function isOn(replication: string | undefined): boolean {
  return replication !== undefined && !/^(false|off|no|0)$/i.test(replication)
}

/** `options` first: a setting with a parameter of its own wins, as on the server. */
function startupSettings(parameters: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const settings = new Map(parseStartupOptions(parameters.get('options') ?? ''))
  for (const [name, value] of parameters)
    if (!RESERVED.has(name) && !name.startsWith('_pq_.')) settings.set(name.toLowerCase(), value)
  return settings
}
