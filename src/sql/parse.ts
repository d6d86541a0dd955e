import { isUtf8 } from 'node:buffer'
import type { ParseResult, RawStmt } from '@pgsql/types'
import { GatewayError } from '../core/errors.js'
import { type Tokens, tokenize } from './lexer.js'
import { isTooDeep } from './nesting.js'
import { GrammarError, isExhausted, parseText } from './parser.js'

/** A text that PostgreSQL's grammar accepts: its statements and its tokens. */
export interface ParsedText {
  readonly text: Buffer
  readonly tokens: Tokens
  readonly statements: readonly RawStmt[]
}

/** Characters of a message, up to the end of what it quotes. */
const MAX_QUOTED = 1_000

/** What a text may be. */
export interface TextLimits {
  readonly maxTextBytes: number
  /** What the stack of the thread bears, see `isTooDeep`; that of a process unless told otherwise. */
  readonly maxNesting?: number
  /** What its memory bears; no limit unless told otherwise. */
  readonly maxTokens?: number
}

/**
 * Parses a client's text with PostgreSQL's own grammar.
 *
 * Throws   STATEMENT_TOO_LARGE, INVALID_ENCODING, SYNTAX_ERROR (with position), STATEMENT_TOO_COMPLEX, STATEMENT_TOO_COSTLY
 */
export function parse(text: Buffer, { maxTextBytes, maxNesting, maxTokens }: TextLimits): ParsedText {
  if (text.length > maxTextBytes) throw new GatewayError('STATEMENT_TOO_LARGE', { maxBytes: maxTextBytes })
  if (!isUtf8(text)) throw new GatewayError('INVALID_ENCODING', { reason: 'the text is not UTF-8' })
  if (text.includes(0)) throw new GatewayError('INVALID_ENCODING', { reason: '0x00' })
  const tokens = tokenize(text)
  if (maxTokens !== undefined && tokens.count > maxTokens)
    throw new GatewayError('STATEMENT_TOO_COSTLY', { reason: `it has more than ${maxTokens} tokens` })
  if (isTooDeep(tokens, maxNesting)) throw new GatewayError('STATEMENT_TOO_COMPLEX', {})
  return { text, tokens, statements: parseTree(text.toString('utf8')).stmts ?? [] }
}

/**
 * The raw parse tree of a text, as libpg-query gives it.
 *
 * Throws   SYNTAX_ERROR (with position), STATEMENT_TOO_COMPLEX
 */
export function parseTree(text: string): ParseResult {
  try {
    return parseText(text)
  } catch (error) {
    if (isExhausted(error)) throw new GatewayError('STATEMENT_TOO_COMPLEX', {}, { cause: error })
    if (error instanceof GrammarError)
      throw new GatewayError(
        'SYNTAX_ERROR',
        { message: shortened(error.message) },
        { position: error.position },
      )
    throw error
  }
}

/** PostgreSQL quotes the token that it doesn't understand, whatever its size. */
function shortened(message: string): string {
  const end = message.lastIndexOf('"')
  return end > MAX_QUOTED ? `${message.slice(0, MAX_QUOTED)}…${message.slice(end)}` : message
}
