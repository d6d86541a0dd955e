import { BodyWriter } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** The client gives up its COPY; the server's error repeats the reason. */
export interface CopyFail {
  readonly reason: string
}

export const CopyFail: Codec<CopyFail> = {
  name: 'CopyFail',
  tag: 'f',
  decode: (body) => ({ reason: body.cstring() }),
  encode: (value) => new BodyWriter('f').cstring(value.reason).finish(),
}
