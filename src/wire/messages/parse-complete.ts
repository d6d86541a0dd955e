import { type EmptyBody, emptyCodec } from '../codec.js'

/** Answers Parse. */
export type ParseComplete = EmptyBody

export const ParseComplete = emptyCodec('ParseComplete', '1')
