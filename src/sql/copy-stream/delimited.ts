import type { CopyIn } from '../compiled.js'
import { isTenantText } from '../tenant-text.js'
import type { CopyFailure, CopyStream } from './copy-stream.js'
import { FieldCapture } from './field-capture.js'
import { Output } from './output.js'

export const LINE_FEED = 0x0a
export const CARRIAGE_RETURN = 0x0d
export const BACKSLASH = 0x5c
export const DOT = 0x2e
const MARKER = Buffer.from('\\.')
const NOTHING = Buffer.alloc(0)

/** How a format writes a field's value. */
export interface FieldSyntax {
  encode(text: string): string
  /** The value of a field's raw bytes. */
  decode(raw: Buffer): string
}

/** The first line's end decides for all; the server takes no other after it. */
type LineEnd = 'unknown' | 'lf' | 'cr' | 'crlf'

/**
 * What text and CSV have in common: lines of fields between delimiters.
 *
 * `scan` of the format sees the first byte of a line, every special one, and the one behind a byte that is `pending`.
 */
export abstract class DelimitedCopy implements CopyStream {
  failure: CopyFailure | null = null
  /** Bytes of a possible end marker that are held back until it is known to be none. */
  protected held = 0
  /** The byte that is scanned is the first of its line. */
  protected isFirst = true
  /** The next byte is to be scanned, whatever it is. */
  protected pending = false
  protected lineEnd: LineEnd = 'unknown'
  readonly #copy: CopyIn
  readonly #tenant: string
  readonly #syntax: FieldSyntax
  readonly #stamp: Buffer
  readonly #headerStamp: Buffer
  readonly #special = new Uint8Array(256)
  readonly #output = new Output()
  readonly #capture = new FieldCapture()
  #chunk: Buffer = NOTHING
  /** Up to here the chunk has been forwarded. */
  #copied = 0
  #fieldStart = 0
  /** How many of the held bytes came with earlier chunks. */
  #carried = 0
  #isOpen = false
  #field = 0
  #isHeader: boolean
  #afterReturn = false
  #ended = false
  /** Bytes that go on behind the end marker: the server wants to see its line end. */
  #tail = 0

  constructor(
    copy: CopyIn,
    tenant: string,
    about: { readonly syntax: FieldSyntax; readonly special: readonly number[] },
  ) {
    this.#copy = copy
    this.#tenant = tenant
    this.#syntax = about.syntax
    const encoded = about.syntax.encode(tenant)
    this.#stamp = Buffer.from(copy.delimiter + encoded)
    this.#headerStamp = Buffer.from(copy.delimiter + about.syntax.encode(copy.column))
    this.#isHeader = copy.header
    for (const byte of [...about.special, LINE_FEED, CARRIAGE_RETURN]) this.#special[byte] = 1
    // a mark that reads like the tenant would turn its field into something else
    if (this.#isMark(tenant) || this.#isMark(encoded)) this.failure = 'mismatch'
  }

  feed(chunk: Buffer): Buffer {
    if (this.#isOver) return this.#takeTail(chunk)
    this.#begin(chunk)
    for (let at = this.#next(0); at < chunk.length && !this.#isOver; at = this.#next(at + 1))
      this.#step(chunk[at] ?? 0, at)
    return this.#finish()
  }

  /** The next byte of the chunk that isn't just more of its field. */
  #next(from: number): number {
    const chunk = this.#chunk
    if (!this.#isOpen || this.pending || this.#isOver) return from
    const special = this.#special
    let at = from
    while (at < chunk.length && special[chunk[at] ?? 0] === 0) at += 1
    return at
  }

  end(): Buffer {
    if (this.#isOver) return NOTHING
    this.#begin(NOTHING)
    if (!this.settle()) this.failure = 'malformed'
    else if (this.#isOpen) this.#endRow(0, 0)
    return this.#finish()
  }

  protected abstract scan(byte: number, at: number): void

  /** The stream is over; false where a row can't end here. */
  protected abstract settle(): boolean

  /** A delimiter at `at`. */
  protected endField(at: number): void {
    this.#closeField(at)
    this.#fieldStart = at + 1
  }

  protected endLine(byte: number, at: number): void {
    const isFeed = byte === LINE_FEED
    const isOdd = isFeed ? this.lineEnd === 'cr' || this.lineEnd === 'crlf' : this.lineEnd === 'lf'
    this.#endRow(at, at + 1)
    if (this.failure !== null) return
    if (isOdd) {
      this.#fail('malformed', at + 1)
      return
    }
    if (isFeed) this.lineEnd = 'lf'
    else if (this.lineEnd !== 'cr') this.#afterReturn = true
    this.#isOpen = false
    this.#fieldStart = at + 1
  }

  /** What was held back is data. */
  protected release(): void {
    const bytes = MARKER.subarray(0, this.#carried)
    this.#output.write(bytes)
    if (this.#isTenantField()) this.#capture.add(bytes, 0, bytes.length)
    this.held = 0
    this.#carried = 0
  }

  /**
   * The held bytes are the end marker, up to `at`; what comes behind is dropped but for `tail` bytes, so that nothing
   * depends on the server's dropping it. `isRow`: what stands in front of them on the line is a row.
   */
  protected endStream(at: number, about: { readonly isRow: boolean; readonly tail: number }): void {
    const start = Math.max(0, at - (this.held - this.#carried))
    this.held = 0
    this.#carried = 0
    this.#output.copy(this.#chunk, this.#copied, start)
    this.#copied = start
    if (about.isRow) this.#endRow(start, start)
    if (this.failure !== null) return
    this.#ended = true
    this.#tail = about.tail
    if (about.tail > 0) this.#output.write(MARKER)
    this.#output.write(this.#takeTail(this.#chunk.subarray(at)))
  }

  get #isOver(): boolean {
    return this.#ended || this.failure !== null
  }

  #begin(chunk: Buffer): void {
    this.#chunk = chunk
    this.#copied = 0
    this.#fieldStart = 0
  }

  #finish(): Buffer {
    if (!this.#isOver) {
      const end = this.#chunk.length - (this.held - this.#carried)
      this.#output.copy(this.#chunk, this.#copied, end)
      if (this.#isTenantField()) this.#capture.add(this.#chunk, this.#fieldStart, end)
      this.#carried = this.held
    }
    this.#chunk = NOTHING
    return this.#output.take()
  }

  #step(byte: number, at: number): void {
    if (this.#afterReturn && this.#isLineEnd(byte, at)) return
    this.isFirst = !this.#isOpen
    this.#isOpen = true
    this.pending = false
    this.scan(byte, at)
  }

  /** Behind a carriage return: whether the byte belongs to the line's end. */
  #isLineEnd(byte: number, at: number): boolean {
    this.#afterReturn = false
    if (byte === LINE_FEED) {
      this.lineEnd = 'crlf'
      this.#fieldStart = at + 1
      return true
    }
    if (this.lineEnd === 'crlf') {
      this.#fail('malformed', at + 1)
      return true
    }
    this.lineEnd = 'cr'
    return false
  }

  #closeField(at: number): void {
    if (this.#isTenantField()) {
      this.#capture.add(this.#chunk, this.#fieldStart, at)
      const raw = this.#capture.take()
      if (!this.#isHeader && (raw === null || !this.#isTenant(raw))) this.#fail('mismatch', at)
    }
    this.#field += 1
  }

  /** The row goes on to the server only when it is stamped or compared, or too short to be a row at all; it ends at `at`, its line at `end`. */
  #endRow(at: number, end: number): void {
    this.#closeField(at)
    if (this.failure !== null) return
    const missing = this.#copy.fields - this.#field - (this.#copy.tenant === 'append' ? 1 : 0)
    if (this.#copy.tenant === 'append' && (missing <= 0 || this.#isHeader)) {
      this.#output.copy(this.#chunk, this.#copied, at)
      this.#output.write(this.#isHeader ? this.#headerStamp : this.#stamp)
      this.#copied = at
    }
    if (missing !== 0 && !this.#isHeader) this.#fail('malformed', end)
    this.#isHeader = false
    this.#field = 0
  }

  #fail(failure: CopyFailure, end: number): void {
    this.failure = failure
    this.#output.copy(this.#chunk, this.#copied, Math.min(end, this.#chunk.length))
  }

  #isTenantField(): boolean {
    return this.#copy.tenant === 'check' && this.#field === this.#copy.index
  }

  #isTenant(raw: Buffer): boolean {
    const value = this.#syntax.decode(raw)
    if (this.#isMark(value) || this.#isMark(raw.toString('latin1'))) return false
    return isTenantText(value, this.#tenant, this.#copy.type)
  }

  #isMark(text: string): boolean {
    return text === this.#copy.nullText || text === this.#copy.defaultText
  }

  #takeTail(chunk: Buffer): Buffer {
    const part = chunk.subarray(0, this.#tail)
    this.#tail -= part.length
    return part
  }
}
