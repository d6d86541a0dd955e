import { BodyWriter } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** A setting that clients depend on, at the greeting and whenever it changes. */
export interface ParameterStatus {
  readonly parameter: string
  readonly value: string
}

export const ParameterStatus: Codec<ParameterStatus> = {
  name: 'ParameterStatus',
  tag: 'S',
  decode: (body) => ({ parameter: body.lenientCstring(), value: body.lenientCstring() }),
  encode: (value) => new BodyWriter('S').cstring(value.parameter).cstring(value.value).finish(),
}
