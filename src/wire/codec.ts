import { BodyReader } from './body-reader.js'
import { BodyWriter } from './body-writer.js'
import { type Frame, HEADER_BYTES } from './frame.js'

/**
 * One message of the protocol: the literal's order in `decode` is the order on the wire.
 *
 * `decode` leaves the check that nothing is left to `decodeFrame`.
 */
export interface Codec<T> {
  /** As in the manual. */
  readonly name: string
  /** The type byte; several messages share `p` and `R`. */
  readonly tag: string
  decode(body: BodyReader): T
  /** The whole frame, header included. */
  encode(value: T): Buffer
}

/** A message without fields. */
export type EmptyBody = Readonly<Record<never, never>>

/** `bytes` is the one and only frame of this message; shared, never to be written to. */
export interface EmptyCodec extends Codec<EmptyBody> {
  readonly bytes: Buffer
}

const NO_FIELDS: EmptyBody = {}

export function emptyCodec(name: string, tag: string): EmptyCodec {
  const bytes = new BodyWriter(tag).finish()
  return { name, tag, bytes, decode: () => NO_FIELDS, encode: () => bytes }
}

/**
 * Decodes the message that a frame holds, to its last byte.
 *
 * Throws   PROTOCOL_VIOLATION
 */
export function decodeFrame<T>(codec: Codec<T>, frame: Frame): T {
  const range = { start: frame.start + HEADER_BYTES, end: frame.end }
  const body = new BodyReader(codec.name, frame.bytes, range)
  const value = codec.decode(body)
  body.end()
  return value
}
