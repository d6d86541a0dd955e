import type { Socket } from 'node:net'
import { FrameDecoder } from '../wire/frame-decoder.js'
import type { FrameTable } from '../wire/frame-table.js'

/** The client left before the exchange was over. */
export class ClientLeft extends Error {}

/** Lets a linear exchange wait for one message after the other; not for the hot path. */
export class FrameReader {
  readonly decoder: FrameDecoder
  readonly #socket: Socket
  #arrived: (() => void) | null = null
  #left = false
  readonly #onData = (chunk: Buffer): void => {
    this.decoder.feed(chunk)
    this.#arrived?.()
  }
  readonly #onClose = (): void => {
    this.#left = true
    this.#arrived?.()
  }

  constructor(socket: Socket, table: FrameTable) {
    this.#socket = socket
    this.decoder = new FrameDecoder(table)
    socket.on('data', this.#onData)
    socket.on('end', this.#onClose)
    socket.on('close', this.#onClose)
  }

  /** The next whole message. Rejects with ClientLeft, or what the decoder throws. */
  async next(): Promise<FrameDecoder> {
    while (this.decoder.next() !== 'frame') {
      if (this.#left) throw new ClientLeft()
      await new Promise<void>((resolve) => {
        this.#arrived = resolve
      })
      this.#arrived = null
    }
    return this.decoder
  }

  /** Ends the reading; what has arrived since is in the decoder. */
  detach(): FrameDecoder {
    this.#socket.pause()
    this.#socket.off('data', this.#onData)
    this.#socket.off('end', this.#onClose)
    this.#socket.off('close', this.#onClose)
    if (this.#left) throw new ClientLeft()
    return this.decoder
  }
}
