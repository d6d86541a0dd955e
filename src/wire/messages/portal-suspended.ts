import { type EmptyBody, emptyCodec } from '../codec.js'

/** Stands in place of CommandComplete where Execute reached its row limit. */
export type PortalSuspended = EmptyBody

export const PortalSuspended = emptyCodec('PortalSuspended', 's')
