import { invariant } from '../core/invariant.js'

const FIRST_CAPACITY = 128
/** Of one UTF-16 unit. */
const MAX_UTF8_BYTES = 3

/**
 * Builds one frame: type byte, length (patched by `finish`), body.
 *
 * What doesn't fit its field is a bug of the caller and breaks an invariant: a NUL inside a string or a
 * wrapped count would shift every field behind it.
 */
export class BodyWriter {
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_CAPACITY)
  #length = 0
  readonly #lengthAt: number

  /** `tag` is null for startup packets, which have no type byte. */
  constructor(tag: string | null) {
    this.#lengthAt = tag === null ? 0 : 1
    if (tag !== null) this.character(tag)
    this.int32(0)
  }

  byte(value: number): this {
    invariant(value >= 0 && value <= 0xff, 'a byte fits its field')
    this.#reserve(1)
    this.#length = this.#bytes.writeUInt8(value, this.#length)
    return this
  }

  character(value: string): this {
    invariant(value.length === 1, 'a character is one character')
    return this.byte(value.charCodeAt(0))
  }

  int16(value: number): this {
    this.#reserve(2)
    this.#length = this.#bytes.writeInt16BE(value, this.#length)
    return this
  }

  uint16(value: number): this {
    this.#reserve(2)
    this.#length = this.#bytes.writeUInt16BE(value, this.#length)
    return this
  }

  int32(value: number): this {
    this.#reserve(4)
    this.#length = this.#bytes.writeInt32BE(value, this.#length)
    return this
  }

  uint32(value: number): this {
    this.#reserve(4)
    this.#length = this.#bytes.writeUInt32BE(value, this.#length)
    return this
  }

  bytes(value: Buffer): this {
    this.#reserve(value.length)
    this.#length += value.copy(this.#bytes, this.#length)
    return this
  }

  /** Text and its closing NUL. */
  cstring(value: string | Buffer): this {
    invariant(!value.includes('\0'), 'a string on the wire holds no NUL')
    if (typeof value !== 'string') return this.bytes(value).byte(0)
    this.#reserve(value.length * MAX_UTF8_BYTES)
    this.#length += this.#bytes.write(value, this.#length)
    return this.byte(0)
  }

  /** Int32 length and the bytes; null is -1. */
  nullableBytes(value: Buffer | null): this {
    return value === null ? this.int32(-1) : this.int32(value.length).bytes(value)
  }

  /** Unsigned Int16 count, then the elements. */
  list<T>(values: readonly T[], element: (body: BodyWriter, value: T) => void): this {
    this.uint16(values.length)
    return this.each(values, element)
  }

  each<T>(values: readonly T[], element: (body: BodyWriter, value: T) => void): this {
    for (const value of values) element(this, value)
    return this
  }

  /** The frame; the writer is used up. */
  finish(): Buffer {
    this.#bytes.writeInt32BE(this.#length - this.#lengthAt, this.#lengthAt)
    return this.#bytes.subarray(0, this.#length)
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(needed + FIRST_CAPACITY, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}

/** Elements for `list` and `each`. */
export const writeInt16 = (body: BodyWriter, value: number): unknown => body.int16(value)
export const writeInt32 = (body: BodyWriter, value: number): unknown => body.int32(value)
export const writeUint32 = (body: BodyWriter, value: number): unknown => body.uint32(value)
export const writeNullableBytes = (body: BodyWriter, value: Buffer | null): unknown =>
  body.nullableBytes(value)
export const writeCstring = (body: BodyWriter, value: string | Buffer): unknown => body.cstring(value)
