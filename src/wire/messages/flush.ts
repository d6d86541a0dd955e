import { type EmptyBody, emptyCodec } from '../codec.js'

/** Asks for the replies so far without ending the sequence. */
export type Flush = EmptyBody

export const Flush = emptyCodec('Flush', 'H')
