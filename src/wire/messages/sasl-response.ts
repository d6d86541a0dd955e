import { BodyWriter } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** A later message of the mechanism; the body is all of it. */
export interface SASLResponse {
  readonly data: Buffer
}

export const SASLResponse: Codec<SASLResponse> = {
  name: 'SASLResponse',
  tag: 'p',
  decode: (body) => ({ data: body.rest() }),
  encode: (value) => new BodyWriter('p').bytes(value.data).finish(),
}
