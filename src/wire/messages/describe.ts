import { BodyWriter } from '../body-writer.js'
import type { Codec } from '../codec.js'
import { type MessageTarget, readTarget, targetCharacter } from '../message-target.js'

/** Asks for the shape of a prepared statement or a portal; '' is the unnamed one. */
export interface Describe {
  readonly target: MessageTarget
  readonly name: string
}

export const Describe: Codec<Describe> = {
  name: 'Describe',
  tag: 'D',
  decode: (body) => ({ target: readTarget(body), name: body.cstring() }),
  encode: (value) =>
    new BodyWriter('D').character(targetCharacter(value.target)).cstring(value.name).finish(),
}
