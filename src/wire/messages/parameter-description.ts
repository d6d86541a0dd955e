import { uint32 } from '../body-reader.js'
import { BodyWriter, writeUint32 } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** The types of a statement's parameters; first half of the answer to Describe of a statement. */
export interface ParameterDescription {
  readonly types: readonly number[]
}

export const ParameterDescription: Codec<ParameterDescription> = {
  name: 'ParameterDescription',
  tag: 't',
  decode: (body) => ({ types: body.list(uint32) }),
  encode: (value) => new BodyWriter('t').list(value.types, writeUint32).finish(),
}
