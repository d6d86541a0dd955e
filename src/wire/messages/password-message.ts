import { BodyWriter } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** A password in clear or hashed with MD5. */
export interface PasswordMessage {
  readonly password: Buffer
}

export const PasswordMessage: Codec<PasswordMessage> = {
  name: 'PasswordMessage',
  tag: 'p',
  decode: (body) => ({ password: body.cstringBytes() }),
  encode: (value) => new BodyWriter('p').cstring(value.password).finish(),
}
