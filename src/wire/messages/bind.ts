import { int16, nullableBytes } from '../body-reader.js'
import { BodyWriter, writeInt16, writeNullableBytes } from '../body-writer.js'
import type { Codec } from '../codec.js'

/**
 * Makes a portal of a prepared statement and values for its parameters.
 *
 * Formats: 0 text, 1 binary; none means all text, one stands for all.
 */
export interface Bind {
  readonly portal: string
  readonly statement: string
  readonly parameterFormats: readonly number[]
  readonly parameters: readonly (Buffer | null)[]
  readonly resultFormats: readonly number[]
}

export const Bind: Codec<Bind> = {
  name: 'Bind',
  tag: 'B',
  decode: (body) => ({
    portal: body.cstring(),
    statement: body.cstring(),
    parameterFormats: body.list(int16),
    parameters: body.list(nullableBytes),
    resultFormats: body.list(int16),
  }),
  encode: (value) =>
    new BodyWriter('B')
      .cstring(value.portal)
      .cstring(value.statement)
      .list(value.parameterFormats, writeInt16)
      .list(value.parameters, writeNullableBytes)
      .list(value.resultFormats, writeInt16)
      .finish(),
}
