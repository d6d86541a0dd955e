import type { BodyReader } from '../body-reader.js'
import { BodyWriter } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** I: no transaction; T: in a transaction; E: in a failed one. */
export type TransactionStatus = 'I' | 'T' | 'E'

/** The server is ready for a new cycle; answers Query and Sync, one each. */
export interface ReadyForQuery {
  readonly status: TransactionStatus
}

export const ReadyForQuery: Codec<ReadyForQuery> = {
  name: 'ReadyForQuery',
  tag: 'Z',
  decode: (body) => ({ status: readStatus(body) }),
  encode: (value) => new BodyWriter('Z').character(value.status).finish(),
}

function readStatus(body: BodyReader): TransactionStatus {
  const status = body.character()
  if (status !== 'I' && status !== 'T' && status !== 'E') throw body.violation('it has no transaction status')
  return status
}
