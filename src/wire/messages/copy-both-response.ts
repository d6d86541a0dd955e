import { type CopyResponse, copyResponseCodec } from '../copy-response.js'

/** CopyData flows both ways; replication only. */
export type CopyBothResponse = CopyResponse

export const CopyBothResponse = copyResponseCodec('CopyBothResponse', 'W')
