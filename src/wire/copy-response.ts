import { int16 } from './body-reader.js'
import { BodyWriter, writeInt16 } from './body-writer.js'
import type { Codec } from './codec.js'

/** The body that CopyInResponse, CopyOutResponse and CopyBothResponse share. */
export interface CopyResponse {
  /** 0 text, 1 binary. */
  readonly format: number
  /** One format code per column. */
  readonly columnFormats: readonly number[]
}

export function copyResponseCodec(name: string, tag: string): Codec<CopyResponse> {
  return {
    name,
    tag,
    decode: (body) => ({ format: body.byte(), columnFormats: body.list(int16) }),
    encode: (value) => new BodyWriter(tag).byte(value.format).list(value.columnFormats, writeInt16).finish(),
  }
}
