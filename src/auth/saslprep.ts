import { isUtf8 } from 'node:buffer'
import {
  LEFT_TO_RIGHT,
  MAPPED_TO_NOTHING,
  NON_ASCII_SPACES,
  PROHIBITED,
  RIGHT_TO_LEFT,
  UNASSIGNED,
} from './saslprep-tables.js'

const ASCII = /^[\0-\x7f]*$/

/**
 * A password as SCRAM hashes it: composed and typed in different ways it is the same.
 *
 * As PostgreSQL does it: what can't be prepared — not UTF-8, prohibited characters, mixed directions, nothing left —
 * is used as it is, so that any password that can be set can be used.
 *
 * Source   RFC 4013; src/common/saslprep.c
 */
export function saslprep(password: string | Buffer): Buffer {
  const bytes = typeof password === 'string' ? Buffer.from(password, 'utf8') : password
  if (!isUtf8(bytes)) return bytes
  const text = bytes.toString('utf8')
  if (ASCII.test(text)) return bytes
  const prepared = prepare(text)
  return prepared === null ? bytes : Buffer.from(prepared, 'utf8')
}

/** Prohibitions are looked up before NFKC, not after it as the RFC has it: PostgreSQL does so, and must agree. */
function prepare(text: string): string | null {
  const mapped = Array.from(text, mapCharacter).join('')
  if (mapped === '') return null
  const normalized = mapped.normalize('NFKC')
  const codePoints = Array.from(mapped, codePointOf)
  if (codePoints.some((codePoint) => PROHIBITED.has(codePoint) || UNASSIGNED.has(codePoint))) return null
  return hasOneDirection(codePoints) ? normalized : null
}

function mapCharacter(character: string): string {
  const codePoint = codePointOf(character)
  if (NON_ASCII_SPACES.has(codePoint)) return ' '
  return MAPPED_TO_NOTHING.has(codePoint) ? '' : character
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0
}

/** RFC 3454 section 6: text with right-to-left characters has no left-to-right ones, and begins and ends with them. */
function hasOneDirection(codePoints: readonly number[]): boolean {
  if (!codePoints.some((codePoint) => RIGHT_TO_LEFT.has(codePoint))) return true
  if (codePoints.some((codePoint) => LEFT_TO_RIGHT.has(codePoint))) return false
  return RIGHT_TO_LEFT.has(codePoints.at(0) ?? 0) && RIGHT_TO_LEFT.has(codePoints.at(-1) ?? 0)
}
