import { invariant } from '../../core/invariant.js'
import type { CopyIn } from '../compiled.js'
import { binaryTenant } from './binary-tenant.js'
import type { CopyFailure, CopyStream } from './copy-stream.js'
import { FieldCapture } from './field-capture.js'
import { Output } from './output.js'

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
const HEADER_BYTES = SIGNATURE.length + 8
const NULL_LENGTH = -1
const TRAILER = -1

/** What the next bytes are; `bytes` are those of a field or of the header's extension. */
type Part = 'header' | 'count' | 'length' | 'bytes' | 'trailer'

/**
 * COPY … (FORMAT binary).
 *
 * Wire     signature · Int32 flags · Int32 length, extension · rows { Int16 fields · { Int32 length, -1 NULL · bytes }* } · Int16 -1
 *
 * Source   https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4
 */
export class BinaryCopy implements CopyStream {
  failure: CopyFailure | null = null
  readonly #copy: CopyIn
  readonly #tenant: Buffer
  readonly #stamp: Buffer
  /** What the client's rows have. */
  readonly #fields: number
  readonly #output = new Output()
  readonly #capture = new FieldCapture()
  readonly #scratch = Buffer.alloc(HEADER_BYTES)
  #filled = 0
  #part: Part = 'header'
  /** Bytes of the current field or extension that are still to come. */
  #remaining = 0
  /** The field that is read, -1 outside of rows. */
  #field = -1

  constructor(copy: CopyIn, tenant: string) {
    this.#copy = copy
    const bytes = binaryTenant(tenant, copy.type)
    if (bytes === null) this.failure = 'mismatch'
    this.#tenant = bytes ?? Buffer.alloc(0)
    const length = Buffer.alloc(4)
    length.writeInt32BE(this.#tenant.length)
    this.#stamp = Buffer.concat([length, this.#tenant])
    this.#fields = copy.tenant === 'append' ? copy.fields - 1 : copy.fields
  }

  feed(chunk: Buffer): Buffer {
    for (let at = 0; at < chunk.length && this.failure === null; ) {
      at += this.#part === 'bytes' ? this.#pass(chunk, at) : this.#gather(chunk, at)
    }
    return this.#output.take()
  }

  /** A stream without its trailer, or with half of a count, ends as well; one that stops within a row doesn't. */
  end(): Buffer {
    if (this.#part !== 'count' && this.#part !== 'trailer') this.failure ??= 'malformed'
    return this.#output.take()
  }

  #pass(chunk: Buffer, at: number): number {
    const length = Math.min(this.#remaining, chunk.length - at)
    this.#output.copy(chunk, at, at + length)
    if (this.#isTenantField()) this.#capture.add(chunk, at, at + length)
    this.#remaining -= length
    if (this.#remaining === 0) this.#endBytes()
    return length
  }

  #gather(chunk: Buffer, at: number): number {
    const wanted = this.#part === 'header' ? HEADER_BYTES : this.#part === 'length' ? 4 : 2
    const taken = chunk.copy(this.#scratch, this.#filled, at, at + wanted - this.#filled)
    this.#filled += taken
    if (this.#filled === wanted) {
      this.#filled = 0
      this.#readFixed(this.#scratch.subarray(0, wanted))
    }
    return taken
  }

  #readFixed(bytes: Buffer): void {
    if (this.#part === 'count') this.#startRow(bytes.readInt16BE(0))
    else if (this.#part === 'length') this.#startField(bytes.readInt32BE(0))
    else if (this.#part === 'header') this.#readHeader(bytes)
    else this.failure = 'malformed'
  }

  /** The upper half of the flags is critical, and none of them means anything. */
  #readHeader(bytes: Buffer): void {
    this.#output.write(bytes)
    const flags = bytes.readUInt32BE(SIGNATURE.length)
    this.#remaining = bytes.readInt32BE(SIGNATURE.length + 4)
    const isSigned = bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)
    if (!isSigned || flags >>> 16 !== 0 || this.#remaining < 0) this.failure = 'malformed'
    this.#part = this.#remaining > 0 ? 'bytes' : 'count'
  }

  #startRow(count: number): void {
    const isAppended = this.#copy.tenant === 'append' && count >= 0
    this.#output.write(int16(isAppended ? count + 1 : count))
    if (count === TRAILER) {
      this.#part = 'trailer'
      return
    }
    if (count !== this.#fields) {
      this.failure = 'malformed'
      return
    }
    this.#field = 0
    this.#nextField()
  }

  #startField(length: number): void {
    this.#output.write(this.#scratch.subarray(0, 4))
    if (this.#isTenantField() && length !== this.#tenant.length) this.failure = 'mismatch'
    else if (length < NULL_LENGTH) this.failure = 'malformed'
    this.#remaining = Math.max(0, length)
    this.#part = 'bytes'
    if (this.#remaining === 0) this.#endBytes()
  }

  #endBytes(): void {
    this.#part = 'count'
    if (this.#field < 0) return
    if (this.#isTenantField() && this.#capture.take()?.equals(this.#tenant) !== true)
      this.failure = 'mismatch'
    this.#field += 1
    this.#nextField()
  }

  #nextField(): void {
    if (this.#field < this.#fields) {
      this.#part = 'length'
      return
    }
    invariant(this.#field === this.#fields, 'a row has as many fields as it said')
    if (this.#copy.tenant === 'append') this.#output.write(this.#stamp)
    this.#field = -1
    this.#part = 'count'
  }

  #isTenantField(): boolean {
    return this.#copy.tenant === 'check' && this.#field === this.#copy.index
  }
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  // 32767 fields and one more are as wrong as any other count
  bytes.writeInt16BE(value > 32_767 ? -2 : value)
  return bytes
}
