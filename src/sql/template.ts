import { serverChannel } from './channel-name.js'
import { byteOffset, characterPosition } from './position.js'

/** Scoped text with the tenant left open, and where its bytes came from: plain data, which one thread can give another. */
export interface TemplateData {
  /** The client's text. */
  readonly text: Buffer
  /** The scoped text without what fills its holes. */
  readonly fixed: Buffer
  /** Of each hole: its offset in `fixed`, its kind. */
  readonly holes: Int32Array
  /** The client's name of the channel in each hole of the kinds from FIRST_CHANNEL_HOLE on. */
  readonly channels: readonly string[]
  /** Of each edit, in order: its offset in `text`, bytes removed, bytes put there, its first hole, how many holes. */
  readonly edits: Int32Array
}

/** What the holes are filled with: `one` at stamps, plain pins and in channels, `list` inside array literals. */
export interface Filling {
  readonly one: string
  readonly list: string
}

export const ONE_HOLE = 0
export const LIST_HOLE = 1
export const FIRST_CHANNEL_HOLE = 2
/** Of `TemplateData.edits`. */
export const INTS_PER_EDIT = 5
const NO_HOLE = -1
/** Below it a loop costs less than a call. */
const SHORT_RUN_BYTES = 64
const NOTHING = Buffer.alloc(0)

export class Template {
  readonly data: TemplateData

  constructor(data: TemplateData) {
    this.data = data
  }

  /** Units: bytes of memory, about. */
  get bytes(): number {
    const { text, fixed, holes, edits } = this.data
    return text.length + fixed.length + holes.byteLength + edits.byteLength
  }

  fill(one: string, list: string): Buffer {
    const { fixed, holes } = this.data
    const fillings = this.#fillings({ one, list }).map((text) => Buffer.from(text))
    const lengths = fillings.map((filling) => filling.length)
    const filled = Buffer.allocUnsafe(fixed.length + this.#holeBytes(0, holes.length / 2, lengths))
    let from = 0
    let at = 0
    for (let i = 0; i < holes.length; i += 2) {
      const hole = holes[i] ?? 0
      at = copyRun(fixed, filled, { at, from, to: hole })
      const filling = fillings[holes[i + 1] ?? 0] ?? NOTHING
      at = copyRun(filling, filled, { at, from: 0, to: filling.length })
      from = hole
    }
    copyRun(fixed, filled, { at, from, to: fixed.length })
    return filled
  }

  /** Where a byte of the original text stands in the filled one; null if it was replaced. */
  scopedOffset(filling: Filling, offset: number): number | null {
    const { edits } = this.data
    const lengths = this.#lengths(filling)
    let shift = 0
    for (let i = 0; i < edits.length; i += INTS_PER_EDIT) {
      const [at, removed] = [edits[i] ?? 0, edits[i + 1] ?? 0]
      if (at > offset) break
      if (offset < at + removed) return null
      shift += this.#putBytes(i, lengths) - removed
    }
    return offset + shift
  }

  /**
   * The character of the original text for a character of the filled one; inserted text stands for what follows it.
   *
   * Units    1-based characters
   */
  originalPosition(filling: Filling, position: number): number {
    const lengths = this.#lengths(filling)
    const scoped = this.#filledOffset(lengths, position)
    return characterPosition(this.data.text, this.#originalOffset(lengths, scoped))
  }

  /** The byte at which a character of the filled text starts; its length where there is no such character. */
  #filledOffset(lengths: readonly number[], position: number): number {
    const { fixed, holes } = this.data
    let left = position
    let filled = 0
    for (let i = 0, from = 0; i <= holes.length; i += 2) {
      const to = holes[i] ?? fixed.length
      const run = fixed.subarray(from, to)
      const at = byteOffset(run, left)
      if (at < run.length) return filled + at
      left -= characterPosition(run, run.length) - 1
      filled += run.length
      // what fills a hole is ASCII
      const filling = lengths[holes[i + 1] ?? NO_HOLE] ?? 0
      if (left >= 1 && left <= filling) return filled + left - 1
      left -= filling
      filled += filling
      from = to
    }
    return filled
  }

  #originalOffset(lengths: readonly number[], scoped: number): number {
    const { edits } = this.data
    let shift = 0
    for (let i = 0; i < edits.length; i += INTS_PER_EDIT) {
      const [at, removed] = [edits[i] ?? 0, edits[i + 1] ?? 0]
      if (scoped < at + shift) break
      const put = this.#putBytes(i, lengths)
      if (scoped < at + shift + put) return at + removed
      shift += put - removed
    }
    return scoped - shift
  }

  #putBytes(edit: number, lengths: readonly number[]): number {
    const { edits } = this.data
    return (edits[edit + 2] ?? 0) + this.#holeBytes(edits[edit + 3] ?? 0, edits[edit + 4] ?? 0, lengths)
  }

  #holeBytes(first: number, count: number, lengths: readonly number[]): number {
    const { holes } = this.data
    let bytes = 0
    for (let i = first; i < first + count; i += 1) bytes += lengths[holes[2 * i + 1] ?? 0] ?? 0
    return bytes
  }

  #lengths(filling: Filling): readonly number[] {
    return this.#fillings(filling).map((text) => Buffer.byteLength(text))
  }

  /** By kind of hole. */
  #fillings({ one, list }: Filling): readonly string[] {
    const { channels } = this.data
    if (channels.length === 0) return [one, list]
    return [one, list, ...channels.map((name) => serverChannel(one, name))]
  }
}

/** Returns the offset behind what was copied. */
function copyRun(
  source: Buffer,
  target: Buffer,
  run: { readonly at: number; readonly from: number; readonly to: number },
): number {
  let { at } = run
  if (run.to - run.from > SHORT_RUN_BYTES) return at + source.copy(target, at, run.from, run.to)
  for (let from = run.from; from < run.to; from += 1) {
    target[at] = source[from] ?? 0
    at += 1
  }
  return at
}
