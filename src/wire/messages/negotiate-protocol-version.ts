import type { BodyReader } from '../body-reader.js'
import { BodyWriter, writeCstring } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** The server speaks an older minor version than asked for, or doesn't know some `_pq_.` options. */
export interface NegotiateProtocolVersion {
  /** Major and minor as in StartupMessage (3.2 is 0x30002), although the manual speaks of the minor version only. */
  readonly version: number
  /** Options that are not known. */
  readonly options: readonly string[]
}

export const NegotiateProtocolVersion: Codec<NegotiateProtocolVersion> = {
  name: 'NegotiateProtocolVersion',
  tag: 'v',
  decode: (body) => ({ version: body.int32(), options: readOptions(body) }),
  encode: (value) =>
    new BodyWriter('v')
      .int32(value.version)
      .int32(value.options.length)
      .each(value.options, writeCstring)
      .finish(),
}

function readOptions(body: BodyReader): readonly string[] {
  const count = body.int32()
  if (count < 0) throw body.violation(`the number of options is ${count}`)
  return body.repeat(count, (reader) => reader.lenientCstring())
}
