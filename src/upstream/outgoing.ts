import type { Socket } from 'node:net'

/** Below it, copying pieces together costs less than a vectored write. */
const JOIN_BYTES = 16_384
/** Unsent bytes from which on the other side is read no further. */
const CONGESTED_BYTES = 262_144

/** What is to be written to one socket: pieces that come up while one chunk is handled leave in one write. */
export class Outgoing {
  readonly #socket: Socket
  readonly #pieces: Buffer[] = []
  #bytes = 0

  constructor(socket: Socket) {
    this.#socket = socket
  }

  push(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#bytes += piece.length
  }

  /** True until `drain`, which is sure to come. */
  get congested(): boolean {
    return this.#socket.writableLength > CONGESTED_BYTES
  }

  get isEmpty(): boolean {
    return this.#pieces.length === 0
  }

  /** Returns the number of bytes that went on their way. */
  flush(): number {
    const bytes = this.#bytes
    if (bytes === 0) return 0
    if (this.#socket.writable) this.#write(bytes)
    this.#pieces.length = 0
    this.#bytes = 0
    return bytes
  }

  #write(bytes: number): void {
    const [first] = this.#pieces
    if (this.#pieces.length === 1 && first !== undefined) this.#socket.write(first)
    else if (bytes <= JOIN_BYTES) this.#socket.write(Buffer.concat(this.#pieces, bytes))
    else this.#writeVector()
  }

  #writeVector(): void {
    this.#socket.cork()
    for (const piece of this.#pieces) this.#socket.write(piece)
    this.#socket.uncork()
  }
}
