const FIRST_CAPACITY = 1_024

/** Bytes for the server, gathered from runs of the client's and what is put between them. */
export class Output {
  #bytes = Buffer.allocUnsafe(0)
  #length = 0

  copy(source: Buffer, start: number, end: number): void {
    if (end <= start) return
    this.#reserve(this.#length + end - start)
    this.#length += source.copy(this.#bytes, this.#length, start, end)
  }

  write(bytes: Buffer): void {
    this.copy(bytes, 0, bytes.length)
  }

  /** All of it; the next bytes begin anew. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length)
    this.#bytes = Buffer.allocUnsafe(0)
    this.#length = 0
    return taken
  }

  #reserve(needed: number): void {
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(FIRST_CAPACITY, needed + (needed >> 1)))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}
