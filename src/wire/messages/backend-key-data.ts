import { BodyWriter } from '../body-writer.js'
import type { Codec } from '../codec.js'
import { readSecret } from '../startup-packet.js'

/** What a CancelRequest for this connection must show. */
export interface BackendKeyData {
  readonly processId: number
  /** 4 bytes in protocol 3.0, 4 to 256 from 3.2 on. */
  readonly secret: Buffer
}

export const BackendKeyData: Codec<BackendKeyData> = {
  name: 'BackendKeyData',
  tag: 'K',
  decode: (body) => ({ processId: body.int32(), secret: readSecret(body) }),
  encode: (value) => new BodyWriter('K').int32(value.processId).bytes(value.secret).finish(),
}
