import { type EmptyBody, emptyCodec } from '../codec.js'

/** Answers Describe of what returns no rows. */
export type NoData = EmptyBody

export const NoData = emptyCodec('NoData', 'n')
