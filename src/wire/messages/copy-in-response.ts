import { type CopyResponse, copyResponseCodec } from '../copy-response.js'

/** The server waits for CopyData from the client. */
export type CopyInResponse = CopyResponse

export const CopyInResponse = copyResponseCodec('CopyInResponse', 'G')
