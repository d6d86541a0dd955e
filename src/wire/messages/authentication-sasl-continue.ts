import { authenticationCodec } from '../authentication.js'

/** The mechanism's next challenge. */
export interface AuthenticationSASLContinue {
  readonly data: Buffer
}

export const AuthenticationSASLContinue = authenticationCodec<AuthenticationSASLContinue>({
  name: 'AuthenticationSASLContinue',
  code: 11,
  decode: (body) => ({ data: body.rest() }),
  encode: (body, value) => body.bytes(value.data),
})
