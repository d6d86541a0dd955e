import { serverChannel } from '../sql/channel-name.js'
import { decodeFrame } from '../wire/codec.js'
import type { Frame } from '../wire/frame.js'
import { NotificationResponse } from '../wire/messages/notification-response.js'
import type { HeldState } from './held-state.js'

/** What a notification has to be told in the client's words. */
export interface Listener {
  readonly held: HeldState
  readonly tenant: string
  /** The server's number of its process that the session has, and what the client was told instead. */
  readonly processIds: { readonly server: number; readonly client: number }
}

/** Translates what the server says of channels into the client's names for them. */
export class Notifications {
  /** The client's names by the server's, as long as the same channels are held. */
  #names: ReadonlyMap<string, string> = new Map()
  #version: object | null = null

  /**
   * The message for the client; null where it doesn't listen to the channel.
   *
   * A client knows its own notifications by the process id that it was given when it logged in. Other sessions have the
   * server's numbers, which tell nothing but that they aren't it.
   */
  translate(frame: Frame, { held, tenant, processIds }: Listener): Buffer | null {
    if (this.#version !== held.version) {
      this.#version = held.version
      this.#names = new Map(held.names('channel').map((name) => [serverChannel(tenant, name), name]))
    }
    const { processId, channel: name, payload } = decodeFrame(NotificationResponse, frame)
    const channel = this.#names.get(name)
    if (channel === undefined) return null
    const isOwn = processId === processIds.server
    return NotificationResponse.encode({ processId: isOwn ? processIds.client : processId, channel, payload })
  }
}
