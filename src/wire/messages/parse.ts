import { uint32 } from '../body-reader.js'
import { BodyWriter, writeUint32 } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** Prepares a statement. */
export interface Parse {
  readonly statement: string
  /** Bytes as sent: positions count in them, and whether they are UTF-8 is the compiler's to refuse. */
  readonly text: Buffer
  /** Type OIDs; 0 leaves a type to the server. */
  readonly parameterTypes: readonly number[]
}

export const Parse: Codec<Parse> = {
  name: 'Parse',
  tag: 'P',
  decode: (body) => ({
    statement: body.cstring(),
    text: body.cstringBytes(),
    parameterTypes: body.list(uint32),
  }),
  encode: (value) =>
    new BodyWriter('P')
      .cstring(value.statement)
      .cstring(value.text)
      .list(value.parameterTypes, writeUint32)
      .finish(),
}
