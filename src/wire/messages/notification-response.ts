import { BodyWriter } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** A NOTIFY on a channel that this connection listens to; may come at any time. */
export interface NotificationResponse {
  readonly processId: number
  readonly channel: string
  readonly payload: string
}

export const NotificationResponse: Codec<NotificationResponse> = {
  name: 'NotificationResponse',
  tag: 'A',
  decode: (body) => ({
    processId: body.int32(),
    channel: body.lenientCstring(),
    payload: body.lenientCstring(),
  }),
  encode: (value) =>
    new BodyWriter('A').int32(value.processId).cstring(value.channel).cstring(value.payload).finish(),
}
