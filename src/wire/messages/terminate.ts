import { type EmptyBody, emptyCodec } from '../codec.js'

/** The client's farewell. */
export type Terminate = EmptyBody

export const Terminate = emptyCodec('Terminate', 'X')
