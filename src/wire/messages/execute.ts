import { BodyWriter } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** Runs a portal. */
export interface Execute {
  readonly portal: string
  /** 0 or less: all rows. */
  readonly maxRows: number
}

export const Execute: Codec<Execute> = {
  name: 'Execute',
  tag: 'E',
  decode: (body) => ({ portal: body.cstring(), maxRows: body.int32() }),
  encode: (value) => new BodyWriter('E').cstring(value.portal).int32(value.maxRows).finish(),
}
