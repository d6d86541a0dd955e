import { BodyWriter } from '../body-writer.js'
import type { Codec } from '../codec.js'
import { type MessageTarget, readTarget, targetCharacter } from '../message-target.js'

/** Forgets a prepared statement or a portal; '' is the unnamed one. */
export interface Close {
  readonly target: MessageTarget
  readonly name: string
}

export const Close: Codec<Close> = {
  name: 'Close',
  tag: 'C',
  decode: (body) => ({ target: readTarget(body), name: body.cstring() }),
  encode: (value) =>
    new BodyWriter('C').character(targetCharacter(value.target)).cstring(value.name).finish(),
}
