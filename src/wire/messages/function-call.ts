import { int16, nullableBytes } from '../body-reader.js'
import { BodyWriter, writeInt16, writeNullableBytes } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** Calls a function by OID, past the parser; always refused, decoded for traces only. */
export interface FunctionCall {
  readonly functionOid: number
  readonly argumentFormats: readonly number[]
  readonly arguments: readonly (Buffer | null)[]
  readonly resultFormat: number
}

export const FunctionCall: Codec<FunctionCall> = {
  name: 'FunctionCall',
  tag: 'F',
  decode: (body) => ({
    functionOid: body.uint32(),
    argumentFormats: body.list(int16),
    arguments: body.list(nullableBytes),
    resultFormat: body.int16(),
  }),
  encode: (value) =>
    new BodyWriter('F')
      .uint32(value.functionOid)
      .list(value.argumentFormats, writeInt16)
      .list(value.arguments, writeNullableBytes)
      .int16(value.resultFormat)
      .finish(),
}
