import { nullableBytes } from '../body-reader.js'
import { BodyWriter, writeNullableBytes } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** One row of a result; relayed unread, decoded only where the gateway reads results of its own. */
export interface DataRow {
  readonly values: readonly (Buffer | null)[]
}

export const DataRow: Codec<DataRow> = {
  name: 'DataRow',
  tag: 'D',
  decode: (body) => ({ values: body.list(nullableBytes) }),
  encode: (value) => new BodyWriter('D').list(value.values, writeNullableBytes).finish(),
}
