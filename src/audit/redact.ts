import { createHash } from 'node:crypto'
import { Token, type Tokens, tokenize } from '../sql/lexer.js'
import { KEYWORDS } from './keywords.js'

/** A client's text as the audit shows it. */
export interface RedactedSql {
  /** Comments removed, literals replaced by `?`; otherwise as the client wrote it. */
  readonly sql: string
  /** 16 hexadecimal digits; equal for texts that differ only in literals, comments, white space and the case of words. */
  readonly fingerprint: string
}

/** What of a text the audit looks at. */
export const MAX_AUDITED_BYTES = 65_536
const MAX_TOKENS = 4_096
const SIGN = /^[+-]$/
const PLAIN_NAME = /^"[\p{L}_][\p{L}\p{N}_$ -]*"$/u
const PRINTABLE = /^[ -~]+$/

/**
 * Takes what could be data out of a text, whether it parses or not.
 *
 * `trusted` is the number of bytes from the start that the parser took for SQL: all of them where the text parses, those
 * before the error where it doesn't, 0 where nobody tried. Behind that point a word may be the inside of a string
 * whose quotes don't match, so only keywords stay. Very long texts are cut, which `…` shows.
 */
export function redact(text: Buffer, trusted: number): RedactedSql {
  const tokens = tokenize(text.subarray(0, MAX_AUDITED_BYTES))
  const count = Math.min(tokens.count, MAX_TOKENS)
  const shown: string[] = []
  const hash = createHash('sha256')
  let end = 0
  let gap = false
  let operand = false
  for (let index = 0; index < count; index++) {
    const start = tokens.starts[index] ?? 0
    gap ||= shown.length > 0 && start > end
    end = tokens.ends[index] ?? start
    if (isSign(tokens, index, operand)) continue
    const token = redactToken(tokens, index, start < trusted)
    shown.push(gap ? ` ${token}` : token)
    hash.update(token.toLowerCase()).update(' ')
    gap = false
    operand = isOperand(tokens.kinds[index], token)
  }
  if (count < tokens.count || text.length > MAX_AUDITED_BYTES) shown.push(' …')
  return { sql: shown.join(''), fingerprint: hash.digest('hex').slice(0, 16) }
}

function redactToken(tokens: Tokens, index: number, trusted: boolean): string {
  const source = tokens.text.toString('utf8', tokens.starts[index], tokens.ends[index])
  switch (tokens.kinds[index]) {
    case Token.parameter:
      return source
    case Token.word:
      return redactWord(source, trusted)
    case Token.quoted:
      return trusted && PLAIN_NAME.test(source) ? source : '"?"'
    case Token.operator:
    case Token.punctuation:
      return PRINTABLE.test(source) ? source : '?'
    default:
      return '?'
  }
}

function redactWord(source: string, trusted: boolean): string {
  const word = source.toLowerCase()
  if (word === 'true' || word === 'false') return '?'
  return trusted || KEYWORDS.has(word) ? source : '?'
}

/** The sign of a number belongs to the literal: `-1` and `1` differ in nothing else. */
function isSign(tokens: Tokens, index: number, afterOperand: boolean): boolean {
  if (afterOperand || tokens.kinds[index + 1] !== Token.number) return false
  return (
    tokens.kinds[index] === Token.operator &&
    SIGN.test(tokens.text.toString('latin1', tokens.starts[index], tokens.ends[index]))
  )
}

function isOperand(kind: number | undefined, token: string): boolean {
  if (kind === Token.operator) return false
  if (kind === Token.punctuation) return token === ')' || token === ']'
  return kind !== Token.word || !KEYWORDS.has(token.toLowerCase())
}
