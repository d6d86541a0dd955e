import type { CopyIn } from '../compiled.js'
import { BACKSLASH, CARRIAGE_RETURN, DelimitedCopy, DOT, type FieldSyntax, LINE_FEED } from './delimited.js'

/** The end marker's line end, of two bytes at most. */
const TAIL_BYTES = 2

/**
 * COPY in text format: a backslash takes the next byte's meaning away, and `\.` ends the data.
 *
 * Behind `\.` all servers ignore the rest. Before version 18 what stands in front of it on its line is the last row.
 *
 * Source   CopyReadLineText, CopyReadAttributesText in src/backend/commands/copyfromparse.c
 */
export class TextCopy extends DelimitedCopy {
  readonly #delimiter: number
  #markerBeginsLine = false

  constructor(copy: CopyIn, tenant: string) {
    const delimiter = copy.delimiter.charCodeAt(0)
    super(copy, tenant, { syntax: textSyntax(copy.delimiter), special: [delimiter, BACKSLASH] })
    this.#delimiter = delimiter
  }

  protected override scan(byte: number, at: number): void {
    if (this.held > 0) this.#behindBackslash(byte, at)
    else if (byte === BACKSLASH) {
      this.held = 1
      this.pending = true
      this.#markerBeginsLine = this.isFirst
    } else if (byte === this.#delimiter) this.endField(at)
    else if (byte === LINE_FEED || byte === CARRIAGE_RETURN) this.endLine(byte, at)
  }

  /** The server drops a backslash that nothing follows. */
  protected override settle(): boolean {
    this.held = 0
    return true
  }

  #behindBackslash(byte: number, at: number): void {
    if (byte !== DOT) {
      this.release()
      return
    }
    this.held = 2
    this.endStream(at + 1, { isRow: !this.#markerBeginsLine, tail: TAIL_BYTES })
  }
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
])
const WRITTEN: ReadonlyMap<string, string> = new Map([...NAMED].map(([name, value]) => [value, `\\${name}`]))
const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|([\s\S]))/g

function textSyntax(delimiter: string): FieldSyntax {
  return {
    encode: (text) =>
      [...text]
        .map((character) =>
          character === '\\' || character === delimiter
            ? `\\${character}`
            : (WRITTEN.get(character) ?? character),
        )
        .join(''),
    decode: (raw) =>
      raw.toString('latin1').replaceAll(ESCAPE, (_, octal?: string, hexadecimal?: string, character = '') => {
        if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
        if (hexadecimal !== undefined) return String.fromCharCode(Number.parseInt(hexadecimal, 16))
        return NAMED.get(character) ?? character
      }),
  }
}
