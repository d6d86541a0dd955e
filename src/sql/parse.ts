import { isUtf8 } from 'node:buffer'
import type { ParseResult, RawStmt } from '@pgsql/types'
import { GatewayError } from '../core/errors.js'
import { Token, type Tokens, tokenize } from './lexer.js'
import { GrammarError, ParserTrap, parseText } from './parser.js'
import { depthChange, isCharacter, isWord, wordAt } from './token-reader.js'

/** A text that PostgreSQL's grammar accepts: its statements and its tokens. */
export interface ParsedText {
  readonly text: Buffer
  readonly tokens: Tokens
  readonly statements: readonly RawStmt[]
}

/**
 * Parses a client's text with PostgreSQL's own grammar.
 *
 * Throws   STATEMENT_TOO_LARGE, INVALID_ENCODING, SYNTAX_ERROR (with position), STATEMENT_TOO_COMPLEX
 */
export function parse(text: Buffer, maxTextBytes: number): ParsedText {
  if (text.length > maxTextBytes) throw new GatewayError('STATEMENT_TOO_LARGE', { maxBytes: maxTextBytes })
  if (!isUtf8(text)) throw new GatewayError('INVALID_ENCODING', { reason: 'the text is not UTF-8' })
  if (text.includes(0)) throw new GatewayError('INVALID_ENCODING', { reason: '0x00' })
  const tokens = tokenize(text)
  if (isTooDeep(tokens)) throw new GatewayError('STATEMENT_TOO_COMPLEX', {})
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
    if (error instanceof GrammarError && !error.message.startsWith('memory exhausted')) {
      throw new GatewayError('SYNTAX_ERROR', { message: error.message }, { position: error.position })
    }
    if (error instanceof GrammarError || error instanceof ParserTrap) {
      throw new GatewayError('STATEMENT_TOO_COMPLEX', {}, { cause: error })
    }
    throw error
  }
}

const MAX_DEPTH = 500
const MAX_CHAIN = 1500
const CHAINING = new Set([
  'not',
  'is',
  'collate',
  'union',
  'intersect',
  'except',
  'join',
  'case',
  'isnull',
  'notnull',
  'at',
])

/**
 * Whether a tree could be deeper than the parser's stack: too many brackets inside one another,
 * or too many operators in one operand list. AND, OR and commas make wide trees, not deep ones.
 */
function isTooDeep(tokens: Tokens): boolean {
  let depth = 0
  let chain = 0
  for (let i = 0; i < tokens.count; i += 1) {
    depth += depthChange(tokens, i)
    if (endsChain(tokens, i)) chain = 0
    else if (deepens(tokens, i)) chain += 1
    if (depth > MAX_DEPTH || chain > MAX_CHAIN) return true
  }
  return false
}

function endsChain(tokens: Tokens, index: number): boolean {
  if (tokens.kinds[index] === Token.word) return isWord(tokens, index, 'and') || isWord(tokens, index, 'or')
  return isCharacter(tokens, index, ',') || isCharacter(tokens, index, ';')
}

function deepens(tokens: Tokens, index: number): boolean {
  const kind = tokens.kinds[index]
  if (kind === Token.word) return CHAINING.has(wordAt(tokens, index))
  return kind === Token.operator || kind === Token.punctuation
}
