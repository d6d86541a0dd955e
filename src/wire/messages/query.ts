import { BodyWriter } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** A text of any number of statements, by the simple protocol. */
export interface Query {
  /** Bytes as sent: positions count in them, and whether they are UTF-8 is the compiler's to refuse. */
  readonly text: Buffer
}

export const Query: Codec<Query> = {
  name: 'Query',
  tag: 'Q',
  decode: (body) => ({ text: body.cstringBytes() }),
  encode: (value) => new BodyWriter('Q').cstring(value.text).finish(),
}
