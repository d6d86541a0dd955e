import { type CopyResponse, copyResponseCodec } from '../copy-response.js'

/** CopyData for the client follows. */
export type CopyOutResponse = CopyResponse

export const CopyOutResponse = copyResponseCodec('CopyOutResponse', 'H')
