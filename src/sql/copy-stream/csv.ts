import type { CopyIn } from '../compiled.js'
import { BACKSLASH, CARRIAGE_RETURN, DelimitedCopy, DOT, type FieldSyntax, LINE_FEED } from './delimited.js'

/** No byte. */
const NONE = -1

/**
 * COPY in CSV format: quotes may open and close anywhere in a field, and hide delimiters and line ends.
 *
 * Before version 18 a line of `\.` alone ends the data; from then on it is a row.
 *
 * Source   CopyReadLineText, CopyReadAttributesCSV in src/backend/commands/copyfromparse.c
 */
export class CsvCopy extends DelimitedCopy {
  readonly #delimiter: number
  readonly #quote: number
  /** `NONE` where it is the quote: then two toggles make one quote of the value. */
  readonly #escape: number
  readonly #hasEndMarker: boolean
  #inQuote = false
  #escaped = false

  constructor(copy: CopyIn, tenant: string) {
    const [delimiter, quote, escaping] = [copy.delimiter, copy.quote, copy.escape].map((text) =>
      text.charCodeAt(0),
    ) as [number, number, number]
    super(copy, tenant, { syntax: csvSyntax(copy.quote, copy.escape), special: [delimiter, quote, escaping] })
    this.#delimiter = delimiter
    this.#quote = quote
    this.#escape = escaping === quote ? NONE : escaping
    this.#hasEndMarker = copy.endMarker
  }

  protected override scan(byte: number, at: number): void {
    if (this.held > 0 && this.#isInMarker(byte, at)) return
    if (this.#hasEndMarker && this.isFirst && byte === BACKSLASH) {
      this.held = 1
      this.pending = true
      return
    }
    this.#toggle(byte)
    if (this.#inQuote) return
    if (byte === this.#delimiter) this.endField(at)
    else if (byte === LINE_FEED || byte === CARRIAGE_RETURN) this.endLine(byte, at)
  }

  protected override settle(): boolean {
    if (this.held > 0) this.release()
    return !this.#inQuote
  }

  #toggle(byte: number): void {
    if (this.#inQuote && byte === this.#escape) {
      this.#escaped = !this.#escaped
      this.pending = this.#escaped
      return
    }
    if (byte === this.#quote && !this.#escaped) this.#inQuote = !this.#inQuote
    this.#escaped = false
  }

  /** Behind `\` or `\.` at the beginning of a line. */
  #isInMarker(byte: number, at: number): boolean {
    if (this.held === 1 && byte === DOT) {
      this.held = 2
      this.pending = true
      return true
    }
    if (this.held === 2 && this.#isOwnLineEnd(byte)) {
      this.endStream(at, { isRow: false, tail: 0 })
      return true
    }
    this.release()
    return false
  }

  #isOwnLineEnd(byte: number): boolean {
    if (byte === LINE_FEED) return this.lineEnd === 'unknown' || this.lineEnd === 'lf'
    return byte === CARRIAGE_RETURN && this.lineEnd !== 'lf'
  }
}

function csvSyntax(quote: string, escaping: string): FieldSyntax {
  return {
    encode: (text) =>
      `${quote}${[...text].map((each) => (each === quote || each === escaping ? escaping + each : each)).join('')}${quote}`,
    decode: (raw) => unquoted(raw.toString('latin1'), quote, escaping),
  }
}

function unquoted(raw: string, quote: string, escaping: string): string {
  let value = ''
  let inQuote = false
  for (let at = 0; at < raw.length; at += 1) {
    const next = raw[at + 1]
    if (inQuote && raw[at] === escaping && (next === escaping || next === quote)) {
      value += next
      at += 1
    } else if (raw[at] === quote) inQuote = !inQuote
    else value += raw[at]
  }
  return value
}
