import { type EmptyBody, emptyCodec } from '../codec.js'

/** Ends a sequence of extended-query messages; answered by exactly one ReadyForQuery. */
export type Sync = EmptyBody

export const Sync = emptyCodec('Sync', 'S')
