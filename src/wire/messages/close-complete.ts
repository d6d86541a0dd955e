import { type EmptyBody, emptyCodec } from '../codec.js'

/** Answers Close, also of a name that doesn't exist. */
export type CloseComplete = EmptyBody

export const CloseComplete = emptyCodec('CloseComplete', '3')
