/**
 * Where the tokens of a text are; no more than the edits, the redaction and the limits need.
 *
 * Nothing trusts it: `verify` parses the edited text again. On text that PostgreSQL's own scanner refuses
 * (an unclosed string, say) it gives some tokens, ends, and never throws.
 *
 * Source   PostgreSQL src/backend/parser/scan.l
 */
export const Token = {
  word: 1,
  quoted: 2,
  string: 3,
  number: 4,
  parameter: 5,
  operator: 6,
  punctuation: 7,
} as const
export type TokenKind = (typeof Token)[keyof typeof Token]

/** Tokens in the order of the text, comments and white space left out; offsets are bytes of the text. */
export interface Tokens {
  readonly text: Buffer
  readonly count: number
  readonly kinds: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
}

const SPACE = 1
const WORD_START = 2
const WORD_PART = 4
const DIGIT = 8
const OPERATOR = 16
/** E'' B'' X'' N'' */
const QUOTE_PREFIX = 32
/** With which an operator may end in a sign. */
const UNUSUAL = 64
const CLASSES = new Uint8Array(256)
for (const c of ' \t\n\r\f\v') mark(c, SPACE)
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_') mark(c, WORD_START | WORD_PART)
for (const c of '0123456789') mark(c, DIGIT | WORD_PART)
for (const c of '~!@#^&|`?+-*/%<>=') mark(c, OPERATOR)
for (const c of 'eEbBxXnN') mark(c, QUOTE_PREFIX)
for (const c of '~!@#^&|`?%') mark(c, UNUSUAL)
mark('$', WORD_PART)
CLASSES.fill(WORD_START | WORD_PART, 128)

function mark(character: string, bits: number): void {
  const code = character.charCodeAt(0)
  CLASSES[code] = (CLASSES[code] ?? 0) | bits
}

function is(text: Buffer, at: number, bits: number): boolean {
  const byte = text[at]
  return byte !== undefined && ((CLASSES[byte] ?? 0) & bits) !== 0
}

const QUOTE = 0x27
const DOUBLE_QUOTE = 0x22
const DOLLAR = 0x24
const BACKSLASH = 0x5c
const DASH = 0x2d
const SLASH = 0x2f
const STAR = 0x2a
const NEWLINE = 0x0a
const RETURN = 0x0d
const DOT = 0x2e
const AMPERSAND = 0x26

/** Cuts a text of UTF-8 into tokens; linear in its length. */
export function tokenize(text: Buffer): Tokens {
  let capacity = Math.max(16, text.length >> 2)
  let kinds = new Uint8Array(capacity)
  let starts = new Int32Array(capacity)
  let ends = new Int32Array(capacity)
  let count = 0
  let at = skipSpace(text, 0)
  while (at < text.length) {
    if (count === capacity) {
      capacity *= 2
      kinds = grow(kinds, new Uint8Array(capacity))
      starts = grow(starts, new Int32Array(capacity))
      ends = grow(ends, new Int32Array(capacity))
    }
    const kind = kindAt(text, at)
    const end = Math.max(at + 1, endOf(text, at, kind))
    kinds[count] = kind
    starts[count] = at
    ends[count] = Math.min(end, text.length)
    count += 1
    at = skipSpace(text, end)
  }
  return { text, count, kinds, starts, ends }
}

function grow<T extends Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from)
  return to
}

function skipSpace(text: Buffer, from: number): number {
  let at = from
  for (;;) {
    if (is(text, at, SPACE)) at += 1
    else if (text[at] === DASH && text[at + 1] === DASH) at = endOfLine(text, at)
    else if (text[at] === SLASH && text[at + 1] === STAR) at = endOfComment(text, at)
    else return at
  }
}

function endOfLine(text: Buffer, from: number): number {
  let at = from
  while (at < text.length && text[at] !== NEWLINE && text[at] !== RETURN) at += 1
  return at
}

/** Block comments nest. */
function endOfComment(text: Buffer, from: number): number {
  let depth = 1
  let at = from + 2
  while (at < text.length && depth > 0) {
    if (text[at] === SLASH && text[at + 1] === STAR) {
      depth += 1
      at += 2
    } else if (text[at] === STAR && text[at + 1] === SLASH) {
      depth -= 1
      at += 2
    } else at += 1
  }
  return at
}

function kindAt(text: Buffer, at: number): TokenKind {
  const byte = text[at] ?? 0
  if (byte === QUOTE) return Token.string
  if (byte === DOUBLE_QUOTE) return Token.quoted
  if (byte === DOLLAR) return dollarKind(text, at)
  if (is(text, at, WORD_START)) return prefixedKind(text, at)
  if (is(text, at, DIGIT) || (byte === DOT && is(text, at + 1, DIGIT))) return Token.number
  return is(text, at, OPERATOR) ? Token.operator : Token.punctuation
}

function dollarKind(text: Buffer, at: number): TokenKind {
  if (is(text, at + 1, DIGIT)) return Token.parameter
  return dollarTagEnd(text, at) > 0 ? Token.string : Token.punctuation
}

/** A word, or the letters in front of a quoted thing: E'' B'' X'' N'' U&'' U&"". */
function prefixedKind(text: Buffer, at: number): TokenKind {
  const prefix = prefixLength(text, at)
  if (prefix === 0) return Token.word
  return text[at + prefix] === QUOTE ? Token.string : Token.quoted
}

function prefixLength(text: Buffer, at: number): number {
  const byte = text[at] ?? 0
  if (is(text, at, QUOTE_PREFIX)) return text[at + 1] === QUOTE ? 1 : 0
  if ((byte | 0x20) !== 0x75 || text[at + 1] !== AMPERSAND) return 0
  return text[at + 2] === QUOTE || text[at + 2] === DOUBLE_QUOTE ? 2 : 0
}

function endOf(text: Buffer, at: number, kind: TokenKind): number {
  switch (kind) {
    case Token.word:
      return run(text, at, WORD_PART)
    case Token.quoted:
      return endOfQuoted(text, at + prefixLength(text, at) + 1)
    case Token.string:
      return text[at] === DOLLAR ? endOfDollar(text, at) : endOfString(text, at)
    case Token.number:
      return endOfNumber(text, at)
    case Token.parameter:
      return run(text, at + 1, DIGIT)
    case Token.operator:
      return endOfOperator(text, at)
    case Token.punctuation:
      return text[at] === 0x3a && (text[at + 1] === 0x3a || text[at + 1] === 0x3d) ? at + 2 : at + 1
  }
}

function run(text: Buffer, from: number, bits: number): number {
  let at = from
  while (is(text, at, bits)) at += 1
  return at
}

function endOfQuoted(text: Buffer, from: number): number {
  let at = from
  for (; at < text.length; at += 1) {
    if (text[at] !== DOUBLE_QUOTE) continue
    if (text[at + 1] !== DOUBLE_QUOTE) return at + 1
    at += 1
  }
  return at
}

/** A string goes on after white space with a newline, under the rules of its first part. */
function endOfString(text: Buffer, at: number): number {
  const escapes = ((text[at] ?? 0) | 0x20) === 0x65
  let end = endOfQuote(text, at + prefixLength(text, at) + 1, escapes)
  for (;;) {
    const next = continuation(text, end)
    if (next < 0) return end
    end = endOfQuote(text, next + 1, escapes)
  }
}

function endOfQuote(text: Buffer, from: number, escapes: boolean): number {
  let at = from
  for (; at < text.length; at += 1) {
    const byte = text[at]
    if (escapes && byte === BACKSLASH) at += 1
    else if (byte === QUOTE) {
      if (text[at + 1] !== QUOTE) return at + 1
      at += 1
    }
  }
  return at
}

/** The offset of the quote that continues a string which ended at `end`, or -1: a newline must stand between. */
function continuation(text: Buffer, end: number): number {
  let at = skipSameLine(text, end)
  if (text[at] !== NEWLINE && text[at] !== RETURN) return -1
  for (;;) {
    if (is(text, at, SPACE)) at += 1
    else if (text[at] === DASH && text[at + 1] === DASH) at = endOfLine(text, at)
    else return text[at] === QUOTE ? at : -1
  }
}

function skipSameLine(text: Buffer, from: number): number {
  let at = from
  while (is(text, at, SPACE) && text[at] !== NEWLINE && text[at] !== RETURN) at += 1
  return at
}

/** The offset behind `$tag$`, or -1 where no tag stands. */
function dollarTagEnd(text: Buffer, at: number): number {
  let end = at + 1
  if (is(text, end, WORD_START)) {
    while (is(text, end, WORD_PART) && text[end] !== DOLLAR) end += 1
  }
  return text[end] === DOLLAR ? end + 1 : -1
}

function endOfDollar(text: Buffer, at: number): number {
  const open = dollarTagEnd(text, at)
  const close = text.indexOf(text.subarray(at, open), open)
  return close < 0 ? text.length : close + (open - at)
}

function endOfNumber(text: Buffer, from: number): number {
  let at = run(text, from, WORD_PART)
  if (text[at] === DOT && text[at + 1] !== DOT) at = run(text, at + 1, WORD_PART)
  const exponent =
    ((text[at - 1] ?? 0) | 0x20) === 0x65 &&
    (text[at] === DASH || text[at] === 0x2b) &&
    is(text, at + 1, DIGIT)
  const hexadecimal = text[from] === 0x30 && ((text[from + 1] ?? 0) | 0x20) === 0x78
  return exponent && !hexadecimal ? run(text, at + 1, DIGIT) : at
}

/** As scan.l: a comment's start ends an operator, and `+`/`-` end one only if nothing unusual stands in it. */
function endOfOperator(text: Buffer, from: number): number {
  let at = from
  while (is(text, at, OPERATOR)) {
    if (at > from && text[at] === DASH && text[at + 1] === DASH) break
    if (at > from && text[at] === SLASH && text[at + 1] === STAR) break
    at += 1
  }
  if (at - from > 1) at = trimSigns(text, from, at)
  return at
}

function trimSigns(text: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    if (is(text, at, UNUSUAL)) return to
  }
  let at = to
  while (at - from > 1 && (text[at - 1] === 0x2b || text[at - 1] === DASH)) at -= 1
  return at
}
