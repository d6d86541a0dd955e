import { isUtf8 } from 'node:buffer'
import { Token, type Tokens, tokenize } from './lexer.js'
import { namesMoment } from './moment.js'
import { isCharacter, wordAt } from './token-reader.js'

/** Literals of a text, in order. Units: byte offsets, start, end, start, end, … */
export type Spots = readonly number[]

/** A text seen without the values of its literals. */
export interface LiftedText {
  /** The text, byte by byte, with one character for each literal: equal for texts that differ in nothing else. */
  readonly shape: string
  readonly spots: Spots
}

const MAX_TEXT_BYTES = 8_192
const MAX_SPOTS = 64
/** Up to here the parser takes digits for an integer, from there on for a numeric. */
const MAX_INTEGER = 2_147_483_647
const MAX_DIGITS = 10
const STATEMENTS = new Set(['select', 'insert', 'update', 'delete', 'with'])
const QUOTE = 0x27
const BACKSLASH = 0x5c
/** What stands for a literal in a shape: no text that has a shape holds these characters. */
const INTEGER = '\x01'
const STRING = '\x02'

/**
 * Takes literals out of a text, so that texts which differ only in them can share a plan; null where none can.
 *
 * Integers and plain strings alone: of each the parser makes the same node whatever the value. What a stage makes of the
 * value is another question, which `observeLiterals` answers.
 */
export function liftLiterals(text: Buffer): LiftedText | null {
  if (text.length > MAX_TEXT_BYTES || !isPlain(text)) return null
  const tokens = tokenize(text)
  if (!STATEMENTS.has(wordAt(tokens, 0)) || hasSeveralStatements(tokens)) return null
  const spots = literals(tokens)
  if (spots.length === 0 || spots.length > 2 * MAX_SPOTS) return null
  return { shape: shapeOf(text, spots), spots }
}

function shapeOf(text: Buffer, spots: Spots): string {
  let shape = ''
  let from = 0
  for (let i = 0; i < spots.length; i += 2) {
    const start = spots[i] ?? 0
    shape += text.toString('latin1', from, start)
    shape += text[start] === QUOTE ? STRING : INTEGER
    from = spots[i + 1] ?? 0
  }
  return shape + text.toString('latin1', from)
}

function hasSeveralStatements(tokens: Tokens): boolean {
  for (let i = 0; i < tokens.count - 1; i += 1) if (isCharacter(tokens, i, ';')) return true
  return false
}

function literals({ text, count, kinds, starts, ends }: Tokens): number[] {
  const spots: number[] = []
  for (let i = 0; i < count; i += 1) {
    const [start, end] = [starts[i] ?? 0, ends[i] ?? 0]
    const isLiteral =
      kinds[i] === Token.number
        ? isInteger(text, start, end)
        : kinds[i] === Token.string && isString(text, start, end)
    if (isLiteral) spots.push(start, end)
  }
  return spots
}

/** Whether it holds no byte that stands for a literal, and what is refused for its encoding has no shape. */
function isPlain(text: Buffer): boolean {
  let isAscii = true
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? 0
    if (byte < 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return false
    if (byte >= 0x80) isAscii = false
  }
  return isAscii || isUtf8(text)
}

function isInteger(text: Buffer, start: number, end: number): boolean {
  if (end - start > MAX_DIGITS) return false
  let value = 0
  for (let at = start; at < end; at += 1) {
    const digit = (text[at] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return false
    value = 10 * value + digit
  }
  return value <= MAX_INTEGER
}

/** Whether it is what PostgreSQL takes as it stands, and nothing but its node depends on it. */
function isString(text: Buffer, start: number, end: number): boolean {
  if (text[start] !== QUOTE || end - start < 2) return false
  for (let at = start + 1; at < end - 1; at += 1) {
    const byte = text[at] ?? 0
    if (byte === BACKSLASH) return false
    if (byte !== QUOTE) continue
    if (text[at + 1] !== QUOTE || at + 1 === end - 1) return false
    at += 1
  }
  return text[end - 1] === QUOTE && hasNoOtherMeaning(text.subarray(start, end))
}

const UNDERSCORE = 0x5f

/** Moments and our own aliases are looked for in the whole text, wherever they stand. */
function hasNoOtherMeaning(literal: Buffer): boolean {
  return !(literal.includes(UNDERSCORE) && /_tg/i.test(literal.toString('latin1'))) && !namesMoment(literal)
}
