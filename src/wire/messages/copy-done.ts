import { type EmptyBody, emptyCodec } from '../codec.js'

/** Ends a COPY stream, in either direction. */
export type CopyDone = EmptyBody

export const CopyDone = emptyCodec('CopyDone', 'c')
