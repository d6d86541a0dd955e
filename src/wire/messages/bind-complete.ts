import { type EmptyBody, emptyCodec } from '../codec.js'

/** Answers Bind. */
export type BindComplete = EmptyBody

export const BindComplete = emptyCodec('BindComplete', '2')
