import { BodyWriter } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** A piece of a COPY stream, in either direction; its borders mean nothing. */
export interface CopyData {
  readonly data: Buffer
}

export const CopyData: Codec<CopyData> = {
  name: 'CopyData',
  tag: 'd',
  decode: (body) => ({ data: body.rest() }),
  encode: (value) => new BodyWriter('d').bytes(value.data).finish(),
}
