import { authenticationCodec } from '../authentication.js'

/** What the mechanism tells a client that succeeded. */
export interface AuthenticationSASLFinal {
  readonly data: Buffer
}

export const AuthenticationSASLFinal = authenticationCodec<AuthenticationSASLFinal>({
  name: 'AuthenticationSASLFinal',
  code: 12,
  decode: (body) => ({ data: body.rest() }),
  encode: (body, value) => body.bytes(value.data),
})
