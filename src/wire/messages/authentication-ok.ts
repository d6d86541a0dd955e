import { authenticationCodec } from '../authentication.js'
import type { EmptyBody } from '../codec.js'

/** The login is accepted. */
export type AuthenticationOk = EmptyBody

export const AuthenticationOk = authenticationCodec<AuthenticationOk>({
  name: 'AuthenticationOk',
  code: 0,
  decode: () => ({}),
  encode: () => {},
})
