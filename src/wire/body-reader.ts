import { isUtf8 } from 'node:buffer'
import { GatewayError } from '../core/errors.js'

/**
 * Reads the body of one message; the only place where wire bytes are bounds-checked.
 *
 * Buffers it returns are views of the chunk that came in: copy what outlives the message by much.
 *
 * Throws   PROTOCOL_VIOLATION, never anything else, whatever the bytes are
 */
export class BodyReader {
  #message: string
  #bytes: Buffer
  #position: number
  #end: number

  /** `message` names it in errors; `bytes[start, end)` is the body without header. */
  constructor(message: string, bytes: Buffer, range?: { readonly start: number; readonly end: number }) {
    this.#message = message
    this.#bytes = bytes
    this.#position = range?.start ?? 0
    this.#end = range?.end ?? bytes.length
  }

  get remaining(): number {
    return this.#end - this.#position
  }

  byte(): number {
    return this.#bytes[this.#advance(1)] ?? 0
  }

  /** One ASCII character, as in Byte1('S'). */
  character(): string {
    return String.fromCharCode(this.byte())
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#advance(2))
  }

  /** Counts: a Bind may carry 65,535 parameters, a signed reading would make 32,768 negative. */
  uint16(): number {
    return this.#bytes.readUInt16BE(this.#advance(2))
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#advance(4))
  }

  /** OIDs. */
  uint32(): number {
    return this.#bytes.readUInt32BE(this.#advance(4))
  }

  /** Passes a string and gives its length in bytes, without the closing NUL. */
  skipCstring(): number {
    const closing = this.#bytes.indexOf(0, this.#position)
    if (closing < 0 || closing >= this.#end) throw this.violation('a string is not terminated')
    const length = closing - this.#position
    this.#position = closing + 1
    return length
  }

  /** A string's bytes without the closing NUL. */
  cstringBytes(): Buffer {
    const start = this.#position
    return this.#bytes.subarray(start, start + this.skipCstring())
  }

  /** Text of a client. Strict: read leniently, two different names could become one. */
  cstring(): string {
    const start = this.#position
    const text = this.lenientCstring()
    // U+FFFD may have been sent, or stand for what was
    if (text.includes('\ufffd') && !isUtf8(this.#bytes.subarray(start, this.#position)))
      throw this.violation('a string is not valid UTF-8')
    return text
  }

  /** Text of a server for people to read; a SQL_ASCII database sends any bytes, what isn't UTF-8 becomes U+FFFD. */
  lenientCstring(): string {
    const start = this.#position
    const length = this.skipCstring()
    return length === 0 ? '' : this.#bytes.toString('utf8', start, start + length)
  }

  fixedBytes(length: number): Buffer {
    const start = this.#advance(length)
    return this.#bytes.subarray(start, start + length)
  }

  /** Int32 length and that many bytes; -1 is null. */
  nullableBytes(): Buffer | null {
    const length = this.int32()
    if (length === -1) return null
    if (length < 0) throw this.violation(`a value's length is ${length}`)
    return this.fixedBytes(length)
  }

  /** What is left, all of it. */
  rest(): Buffer {
    return this.fixedBytes(this.remaining)
  }

  /** Unsigned Int16 count, then as many elements. */
  list<T>(element: (body: BodyReader) => T): readonly T[] {
    return this.repeat(this.uint16(), element)
  }

  repeat<T>(count: number, element: (body: BodyReader) => T): readonly T[] {
    const elements: T[] = []
    for (let index = 0; index < count; index++) elements.push(element(this))
    return elements
  }

  /** Demands that the body is used up. */
  end(): void {
    if (this.remaining > 0) throw this.violation(`${this.remaining} bytes are left over`)
  }

  violation(reason: string): GatewayError {
    return new GatewayError('PROTOCOL_VIOLATION', { message: this.#message, reason })
  }

  #advance(length: number): number {
    const start = this.#position
    if (length > this.#end - start) throw this.violation('it is shorter than its fields')
    this.#position = start + length
    return start
  }
}

/** Elements for `list` and `repeat`, made once so that reading a list makes no closure. */
export const int16 = (body: BodyReader): number => body.int16()
export const int32 = (body: BodyReader): number => body.int32()
export const uint32 = (body: BodyReader): number => body.uint32()
export const nullableBytes = (body: BodyReader): Buffer | null => body.nullableBytes()
