import type { Socket } from 'node:net'
import { FrameDecoder } from '../wire/frame-decoder.js'
import type { FrameTable } from '../wire/frame-table.js'

/** What is read ahead of an exchange; the largest message of one fits twice. */
const READ_AHEAD_BYTES = 131_072
const READ_AHEAD_CHUNKS = 1_024

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
    const { bufferedBytes, waitingChunks } = this.decoder
    // nobody has proven to be anybody yet: whoever sends on and on gets no memory for it
    if (bufferedBytes > READ_AHEAD_BYTES || waitingChunks > READ_AHEAD_CHUNKS) this.#socket.pause()
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
      this.#socket.resume()
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
    this.stop()
    if (this.#left) throw new ClientLeft()
    return this.decoder
  }

  /** What still comes is nobody's. */
  stop(): void {
    this.#socket.off('data', this.#onData)
    this.#socket.off('end', this.#onClose)
    this.#socket.off('close', this.#onClose)
  }
}
