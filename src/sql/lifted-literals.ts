import { Token, type Tokens, tokenize } from './lexer.js'
import { isCharacter, wordAt } from './token-reader.js'

/** A text seen without the values of its small integers. */
export interface LiftedText {
  /** The text with every lifted digit made the same: equal for texts that differ in nothing else. */
  readonly shape: Buffer
  /** Byte offsets of the lifted literals: start, end, start, end, … */
  readonly spots: readonly number[]
}

const MAX_TEXT_BYTES = 8_192
const MAX_SPOTS = 64
/** Up to here a literal is an int4 whatever its digits. */
const MAX_DIGITS = 9
const STATEMENTS = new Set(['select', 'insert', 'update', 'delete', 'with'])
const LIFTED = 0x01

/**
 * Takes the small integers out of a text, so that texts which differ only in them can share a plan; null where none can.
 *
 * No stage looks at the value of an integer of this size but through the number of its digits, which the shape keeps, and
 * through checks against the tenant, with which a plan isn't shared. The offsets of everything else stay the same.
 */
export function liftLiterals(text: Buffer): LiftedText | null {
  if (text.length > MAX_TEXT_BYTES || hasControls(text)) return null
  const tokens = tokenize(text)
  if (!STATEMENTS.has(wordAt(tokens, 0)) || hasSeveralStatements(tokens)) return null
  const spots = integers(tokens)
  if (spots.length === 0 || spots.length > 2 * MAX_SPOTS) return null
  const shape = Buffer.from(text)
  for (let i = 0; i < spots.length; i += 2) shape.fill(LIFTED, spots[i], spots[i + 1])
  return { shape, spots }
}

function hasSeveralStatements(tokens: Tokens): boolean {
  for (let i = 0; i < tokens.count - 1; i += 1) if (isCharacter(tokens, i, ';')) return true
  return false
}

function integers(tokens: Tokens): number[] {
  const spots: number[] = []
  for (let i = 0; i < tokens.count; i += 1) {
    if (tokens.kinds[i] !== Token.number) continue
    const [start, end] = [tokens.starts[i] ?? 0, tokens.ends[i] ?? 0]
    if (end - start <= MAX_DIGITS && isDigits(tokens.text, start, end)) spots.push(start, end)
  }
  return spots
}

/** The byte that stands for a digit must not come from the client. */
function hasControls(text: Buffer): boolean {
  for (const byte of text) if (byte < 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return true
  return false
}

function isDigits(text: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = text[at] ?? 0
    if (byte < 0x30 || byte > 0x39) return false
  }
  return true
}
