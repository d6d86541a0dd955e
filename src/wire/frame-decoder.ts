import { GatewayError } from '../core/errors.js'
import { LENGTH_BYTES } from './frame.js'
import type { FrameTable } from './frame-table.js'
import { messageName } from './message-names.js'

/**
 * What `next` found.
 *
 * `frame`    a whole message at `bytes[start, end)`, header included
 * `head`     the first part of a message that streams: its header and what came with it; `remaining` bytes follow
 * `body`     the next part; the message is over when `remaining` is 0
 * `starved`  nothing more until `feed`
 */
export type FrameEvent = 'frame' | 'head' | 'body' | 'starved'

const NOTHING = Buffer.alloc(0)
/** First capacity of an assembly: what a sender only announces costs no memory. */
const FIRST_CAPACITY = 65_536
/** Chunks that have been taken from the front of the queue before the rest is moved up. */
const MAX_TAKEN = 1_024

/**
 * Cuts a byte stream into messages by their headers; bodies are neither parsed nor, unless they span chunks, copied.
 *
 * A cursor, not an emitter: the reader stops in the middle of a chunk when a message has to wait, and goes on later.
 * The fields below describe the last event and are overwritten by the next. Parts of one chunk share `bytes`,
 * so that a run of messages that lie side by side is one subarray from the first `start` to the last `end`.
 *
 * Throws   PROTOCOL_VIOLATION, UNEXPECTED_MESSAGE as soon as the header is complete; the stream is unusable afterwards
 */
export class FrameDecoder {
  /** Type byte; 0 for startup packets. */
  type = 0
  bytes: Buffer = NOTHING
  start = 0
  end = 0
  /** Bytes of the current message that are still to come. */
  remaining = 0

  #table: FrameTable
  #headerBytes: number
  #chunk: Buffer = NOTHING
  #offset = 0
  #waiting: Buffer[] = []
  /** How many of them have been taken. */
  #taken = 0
  #waitingBytes = 0
  /** Of a header that spans chunks; most connections never see one. */
  #header: Buffer = NOTHING
  #headerFilled = 0
  #assembly: Buffer = NOTHING
  #assembled = 0
  /** Length of the message that is being assembled; 0: none is. */
  #wanted = 0

  constructor(table: FrameTable) {
    this.#table = table
    this.#headerBytes = headerBytes(table)
  }

  /** Enters another phase: in force from the next message on. */
  expect(table: FrameTable): void {
    this.#table = table
    this.#headerBytes = headerBytes(table)
  }

  /** Appends bytes; they are not copied and must not be changed afterwards. */
  feed(chunk: Buffer): void {
    if (chunk.length === 0) return
    if (this.#offset === this.#chunk.length && this.waitingChunks === 0) this.#take(chunk)
    else {
      this.#waiting.push(chunk)
      this.#waitingBytes += chunk.length
    }
  }

  /** Chunks that nothing has been read of; each one costs memory beside its bytes, however small it is. */
  get waitingChunks(): number {
    return this.#waiting.length - this.#taken
  }

  /** Bytes that were fed and belong to no event yet; must be 0 where TLS begins. */
  get bufferedBytes(): number {
    const { length } = this.#chunk
    return length - this.#offset + this.#headerFilled + this.#assembled + this.#waitingBytes
  }

  /** Bytes of the message that is being put together from several chunks. */
  get assembledBytes(): number {
    return this.#assembled
  }

  /** Nothing that was fed is needed any more; the stream is unusable afterwards. */
  forget(): void {
    this.#take(NOTHING)
    this.#waiting = []
    this.#taken = 0
    this.#waitingBytes = 0
    this.#assembly = NOTHING
    this.#assembled = 0
  }

  next(): FrameEvent {
    for (;;) {
      const available = this.#chunk.length - this.#offset
      if (available === 0) {
        if (!this.#takeWaiting()) return 'starved'
        continue
      }
      const event = this.#step(available)
      if (event !== 'starved') return event
    }
  }

  #take(chunk: Buffer): void {
    this.#chunk = chunk
    this.#offset = 0
  }

  #takeWaiting(): boolean {
    const chunk = this.#waiting[this.#taken]
    if (chunk === undefined) return false
    this.#taken += 1
    this.#waitingBytes -= chunk.length
    // taking the first one off would move all the others each time
    if (this.#taken === this.#waiting.length || this.#taken === MAX_TAKEN) {
      this.#waiting = this.#waiting.slice(this.#taken)
      this.#taken = 0
    }
    this.#take(chunk)
    return true
  }

  #step(available: number): FrameEvent {
    if (this.remaining > 0) return this.#part('body', this.remaining)
    if (this.#wanted > 0) return this.#assemble()
    if (this.#headerFilled > 0 || available < this.#headerBytes) return this.#splitHeader()
    const total = this.#totalBytes(this.#chunk, this.#offset)
    if (total <= available) return this.#part('frame', total)
    if (this.#table.assembled[this.type] === 0) return this.#part('head', total)
    this.#wanted = total
    return this.#assemble()
  }

  /** Hands out what the chunk has of `length` bytes. */
  #part(event: FrameEvent, length: number): FrameEvent {
    this.bytes = this.#chunk
    this.start = this.#offset
    this.end = Math.min(this.#offset + length, this.#chunk.length)
    this.remaining = length - (this.end - this.start)
    this.#offset = this.end
    return event
  }

  #splitHeader(): FrameEvent {
    if (this.#headerFilled === 0) this.#header = Buffer.alloc(LENGTH_BYTES + 1)
    const taken = this.#chunk.copy(
      this.#header,
      this.#headerFilled,
      this.#offset,
      this.#offset + this.#headerBytes - this.#headerFilled,
    )
    this.#offset += taken
    this.#headerFilled += taken
    if (this.#headerFilled < this.#headerBytes) return 'starved'
    const total = this.#totalBytes(this.#header, 0)
    const header = this.#header.subarray(0, this.#headerBytes)
    this.#headerFilled = 0
    if (total === header.length || this.#table.assembled[this.type] === 0) {
      this.bytes = header
      this.start = 0
      this.end = header.length
      this.remaining = total - header.length
      return this.remaining === 0 ? 'frame' : 'head'
    }
    this.#assembly = header
    this.#assembled = header.length
    this.#wanted = total
    return 'starved'
  }

  #assemble(): FrameEvent {
    const until = Math.min(this.#offset + this.#wanted - this.#assembled, this.#chunk.length)
    this.#reserve(this.#assembled + until - this.#offset)
    this.#assembled += this.#chunk.copy(this.#assembly, this.#assembled, this.#offset, until)
    this.#offset = until
    if (this.#assembled < this.#wanted) return 'starved'
    this.bytes = this.#assembly
    this.start = 0
    this.end = this.#wanted
    this.#assembly = NOTHING
    this.#assembled = 0
    this.#wanted = 0
    return 'frame'
  }

  #reserve(needed: number): void {
    if (needed <= this.#assembly.length) return
    const capacity = Math.min(this.#wanted, Math.max(FIRST_CAPACITY, needed, this.#assembly.length * 2))
    const grown = Buffer.allocUnsafe(capacity)
    this.#assembly.copy(grown, 0, 0, this.#assembled)
    this.#assembly = grown
  }

  /** Reads and judges a header; sets `type`. */
  #totalBytes(bytes: Buffer, offset: number): number {
    const table = this.#table
    const typeBytes = this.#headerBytes - LENGTH_BYTES
    const type = typeBytes === 0 ? 0 : (bytes[offset] ?? 0)
    const length = bytes.readInt32BE(offset + typeBytes)
    const maximum = table.maxBodyBytes[type] ?? -1
    if (length < LENGTH_BYTES || length - LENGTH_BYTES > maximum) throw refusal(table, type, length)
    this.type = type
    return typeBytes + length
  }
}

function headerBytes(table: FrameTable): number {
  return table.typed ? LENGTH_BYTES + 1 : LENGTH_BYTES
}

function refusal(table: FrameTable, type: number, length: number): GatewayError {
  const name = table.typed ? messageName(table.direction, type) : 'StartupMessage'
  const maximum = table.maxBodyBytes[type] ?? -1
  if (name === undefined)
    return new GatewayError('PROTOCOL_VIOLATION', {
      message: table.direction,
      reason: `no message has type ${type}`,
    })
  if (maximum < 0) return new GatewayError('UNEXPECTED_MESSAGE', { message: name, phase: table.phase })
  const reason =
    length < LENGTH_BYTES
      ? `its length is ${length}`
      : `a body of ${length - LENGTH_BYTES} bytes is longer than ${maximum}`
  return new GatewayError('PROTOCOL_VIOLATION', { message: name, reason })
}
