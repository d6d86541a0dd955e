import { authenticationCodec } from '../authentication.js'
import type { EmptyBody } from '../codec.js'

/** The client is to send its password as it is. */
export type AuthenticationCleartextPassword = EmptyBody

export const AuthenticationCleartextPassword = authenticationCodec<AuthenticationCleartextPassword>({
  name: 'AuthenticationCleartextPassword',
  code: 3,
  decode: () => ({}),
  encode: () => {},
})
