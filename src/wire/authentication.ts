import type { BodyReader } from './body-reader.js'
import { BodyWriter } from './body-writer.js'
import type { Codec } from './codec.js'

/** One member of the family with type byte `R`: an Int32 says which, then its own fields. */
export interface AuthenticationBody<T> {
  readonly name: string
  readonly code: number
  decode(body: BodyReader): T
  encode(body: BodyWriter, value: T): void
}

/** `code` tells the members apart. */
export interface AuthenticationCodec<T> extends Codec<T> {
  readonly code: number
}

export function authenticationCodec<T>(message: AuthenticationBody<T>): AuthenticationCodec<T> {
  return {
    name: message.name,
    code: message.code,
    tag: 'R',
    decode: (body) => {
      const code = body.int32()
      if (code !== message.code) throw body.violation(`its code is ${code}, not ${message.code}`)
      return message.decode(body)
    },
    encode: (value) => {
      const body = new BodyWriter('R').int32(message.code)
      message.encode(body, value)
      return body.finish()
    },
  }
}
