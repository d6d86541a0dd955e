import type { BodyReader } from './body-reader.js'
import { BodyWriter } from './body-writer.js'
import type { Codec } from './codec.js'

/**
 * The body that ErrorResponse and NoticeResponse share.
 *
 * Source   https://www.postgresql.org/docs/current/protocol-error-fields.html
 */
export interface NoticeFields {
  /** Field code (`S` severity, `C` SQLSTATE, `M` message, `P` position, …) → text, in the order of the wire. */
  readonly fields: ReadonlyMap<string, string>
}

export function noticeCodec(name: string, tag: string): Codec<NoticeFields> {
  return {
    name,
    tag,
    decode: (body) => ({ fields: readFields(body) }),
    encode: (value) =>
      new BodyWriter(tag)
        .each([...value.fields], writeField)
        .byte(0)
        .finish(),
  }
}

function readFields(body: BodyReader): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (let code = body.byte(); code !== 0; code = body.byte())
    fields.set(String.fromCharCode(code), body.lenientCstring())
  return fields
}

function writeField(body: BodyWriter, [code, text]: readonly [string, string]): void {
  body.character(code).cstring(text)
}
