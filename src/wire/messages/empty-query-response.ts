import { type EmptyBody, emptyCodec } from '../codec.js'

/** Stands in place of CommandComplete where the text holds no statement. */
export type EmptyQueryResponse = EmptyBody

export const EmptyQueryResponse = emptyCodec('EmptyQueryResponse', 'I')
