import { BodyWriter } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** The client's choice of mechanism, with its first message if the mechanism lets the client begin. */
export interface SASLInitialResponse {
  readonly mechanism: string
  readonly response: Buffer | null
}

export const SASLInitialResponse: Codec<SASLInitialResponse> = {
  name: 'SASLInitialResponse',
  tag: 'p',
  decode: (body) => ({ mechanism: body.cstring(), response: body.nullableBytes() }),
  encode: (value) => new BodyWriter('p').cstring(value.mechanism).nullableBytes(value.response).finish(),
}
