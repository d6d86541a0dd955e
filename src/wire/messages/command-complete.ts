import { BodyWriter } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** A statement has run to its end. */
export interface CommandComplete {
  /** `SELECT 5`, `INSERT 0 1`, `COMMIT`, … */
  readonly commandTag: string
}

export const CommandComplete: Codec<CommandComplete> = {
  name: 'CommandComplete',
  tag: 'C',
  decode: (body) => ({ commandTag: body.lenientCstring() }),
  encode: (value) => new BodyWriter('C').cstring(value.commandTag).finish(),
}
