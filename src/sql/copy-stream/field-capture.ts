/** A tenant's id has 63 characters at most; every one may be written as an escape of four. */
const MAX_BYTES = 1_024

/** The raw bytes of one field, from as many chunks as it spans; a longer one is no tenant's. */
export class FieldCapture {
  readonly #bytes = Buffer.alloc(MAX_BYTES)
  #length = 0

  add(chunk: Buffer, start: number, end: number): void {
    if (end <= start || this.#length > MAX_BYTES) return
    chunk.copy(this.#bytes, this.#length, start, end)
    this.#length += end - start
  }

  /** Null where it was too long; the next field begins. A view, valid until then. */
  take(): Buffer | null {
    const length = this.#length
    this.#length = 0
    return length > MAX_BYTES ? null : this.#bytes.subarray(0, length)
  }
}
