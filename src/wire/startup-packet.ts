import { GatewayError } from '../core/errors.js'
import { BodyReader } from './body-reader.js'
import { BodyWriter } from './body-writer.js'
import { type Frame, LENGTH_BYTES } from './frame.js'

/**
 * What a client sends before any typed message; cut with STARTUP_FRAMES.
 *
 * Wire     Int32 length · Int32 request code or protocol version · body
 * Source   https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export type StartupPacket =
  | { readonly kind: 'ssl-request' }
  | { readonly kind: 'gssenc-request' }
  | CancelRequest
  | StartupMessage

export interface CancelRequest {
  readonly kind: 'cancel-request'
  readonly processId: number
  /** 4 bytes in protocol 3.0, 4 to 256 from 3.2 on. */
  readonly secret: Buffer
}

export interface StartupMessage {
  readonly kind: 'startup-message'
  /** Of major version 3. */
  readonly minorVersion: number
  /** `user`, `database`, `options`, `_pq_.…` and settings; the last one wins where a name is repeated. */
  readonly parameters: ReadonlyMap<string, string>
}

const MAJOR_VERSION = 3
const SSL_REQUEST = 80_877_103
const GSSENC_REQUEST = 80_877_104
const CANCEL_REQUEST = 80_877_102

/** Throws   PROTOCOL_VIOLATION, UNSUPPORTED_PROTOCOL (another major version than 3) */
export function decodeStartupPacket(frame: Frame): StartupPacket {
  const range = { start: frame.start + LENGTH_BYTES, end: frame.end }
  const body = new BodyReader('StartupMessage', frame.bytes, range)
  const packet = readPacket(body, body.int32())
  body.end()
  return packet
}

function readPacket(body: BodyReader, code: number): StartupPacket {
  if (code === SSL_REQUEST) return { kind: 'ssl-request' }
  if (code === GSSENC_REQUEST) return { kind: 'gssenc-request' }
  if (code === CANCEL_REQUEST)
    return { kind: 'cancel-request', processId: body.int32(), secret: readSecret(body) }
  const major = code >>> 16
  const minorVersion = code & 0xffff
  if (major !== MAJOR_VERSION)
    throw new GatewayError('UNSUPPORTED_PROTOCOL', { version: `${major}.${minorVersion}` })
  return { kind: 'startup-message', minorVersion, parameters: readParameters(body) }
}

/** Pairs of strings; an empty name ends them. */
function readParameters(body: BodyReader): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (let name = body.cstring(); name !== ''; name = body.cstring()) parameters.set(name, body.cstring())
  return parameters
}

/** The rest of a body as a cancel key. */
export function readSecret(body: BodyReader): Buffer {
  const secret = body.rest()
  if (secret.length < 4 || secret.length > 256) throw body.violation(`a secret key of ${secret.length} bytes`)
  return secret
}

export function encodeStartupPacket(packet: StartupPacket): Buffer {
  switch (packet.kind) {
    case 'ssl-request':
      return new BodyWriter(null).int32(SSL_REQUEST).finish()
    case 'gssenc-request':
      return new BodyWriter(null).int32(GSSENC_REQUEST).finish()
    case 'cancel-request':
      return new BodyWriter(null).int32(CANCEL_REQUEST).int32(packet.processId).bytes(packet.secret).finish()
    case 'startup-message':
      return new BodyWriter(null)
        .int32((MAJOR_VERSION << 16) | packet.minorVersion)
        .each([...packet.parameters], writeParameter)
        .byte(0)
        .finish()
  }
}

function writeParameter(body: BodyWriter, [name, value]: readonly [string, string]): void {
  body.cstring(name).cstring(value)
}
