import { authenticationCodec } from '../authentication.js'
import type { BodyReader } from '../body-reader.js'
import { writeCstring } from '../body-writer.js'

/** Offers mechanisms, the preferred one first. */
export interface AuthenticationSASL {
  readonly mechanisms: readonly string[]
}

export const AuthenticationSASL = authenticationCodec<AuthenticationSASL>({
  name: 'AuthenticationSASL',
  code: 10,
  decode: (body) => ({ mechanisms: readMechanisms(body) }),
  encode: (body, value) => body.each(value.mechanisms, writeCstring).byte(0),
})

/** An empty name ends the list. */
function readMechanisms(body: BodyReader): readonly string[] {
  const mechanisms: string[] = []
  for (let name = body.lenientCstring(); name !== ''; name = body.lenientCstring()) mechanisms.push(name)
  return mechanisms
}
