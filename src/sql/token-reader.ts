import { Token, type Tokens } from './lexer.js'

const OPEN = 0x28
const CLOSE = 0x29
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/** The index of the token that starts at a byte offset, or -1. */
export function tokenAt(tokens: Tokens, offset: number): number {
  let low = 0
  let high = tokens.count - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const start = tokens.starts[middle] ?? 0
    if (start === offset) return middle
    if (start < offset) low = middle + 1
    else high = middle - 1
  }
  return -1
}

/** Whether a token is this keyword, unquoted and in any case; `word` in lower case. */
export function isWord(tokens: Tokens, index: number, word: string): boolean {
  if (tokens.kinds[index] !== Token.word) return false
  const start = tokens.starts[index] ?? 0
  if ((tokens.ends[index] ?? 0) - start !== word.length) return false
  for (let i = 0; i < word.length; i += 1) {
    if (((tokens.text[start + i] ?? 0) | 0x20) !== (word.charCodeAt(i) | 0x20)) return false
  }
  return true
}

/** Whether a token is this single character. */
export function isCharacter(tokens: Tokens, index: number, character: string): boolean {
  const start = tokens.starts[index] ?? -1
  return (
    index >= 0 &&
    index < tokens.count &&
    tokens.ends[index] === start + 1 &&
    tokens.text[start] === character.charCodeAt(0)
  )
}

/** 1 for an opening bracket, round or square, -1 for a closing one, else 0. */
export function depthChange(tokens: Tokens, index: number): number {
  if (tokens.kinds[index] !== Token.punctuation) return 0
  const byte = tokens.text[tokens.starts[index] ?? 0]
  if (byte === OPEN || byte === OPEN_BRACKET) return 1
  return byte === CLOSE || byte === CLOSE_BRACKET ? -1 : 0
}

/** The index of the bracket that closes the one at `index`, or -1. */
export function closing(tokens: Tokens, index: number): number {
  let depth = 0
  for (let i = index; i < tokens.count; i += 1) {
    depth += depthChange(tokens, i)
    if (depth === 0) return i
  }
  return -1
}

/**
 * The index of the first keyword of a set at the same depth of brackets, from `index` on; where the enclosing bracket,
 * the statement or the text ends first, that place (which may be `tokens.count`).
 */
export function nextClause(tokens: Tokens, index: number, words: ReadonlySet<string>): number {
  let depth = 0
  for (let i = index; i < tokens.count; i += 1) {
    const change = depthChange(tokens, i)
    if (depth + change < 0) return i
    depth += change
    if (depth === 0 && isCharacter(tokens, i, ';')) return i
    if (depth === 0 && tokens.kinds[i] === Token.word && !isName(tokens, i) && words.has(wordAt(tokens, i)))
      return i
  }
  return tokens.count
}

/** Tokens of a text, from one index up to another. */
export interface TokenSpan {
  readonly from: number
  readonly to: number
}

/** The items of a list: what stands between commas that no bracket holds. */
export function listItems(tokens: Tokens, { from, to }: TokenSpan): readonly TokenSpan[] {
  const items: TokenSpan[] = []
  let depth = 0
  let start = from
  for (let i = from; i < to; i += 1) {
    depth += depthChange(tokens, i)
    if (depth !== 0 || !isCharacter(tokens, i, ',')) continue
    items.push({ from: start, to: i })
    start = i + 1
  }
  return [...items, { from: start, to }]
}

/**
 * As `nextClause`, for words that CASE has too: those between a CASE and its END are passed over.
 */
export function nextOutsideCase(tokens: Tokens, index: number, words: ReadonlySet<string>): number {
  const stops = new Set([...words, 'case', 'end'])
  let open = 0
  for (let at = nextClause(tokens, index, stops); ; at = nextClause(tokens, at + 1, stops)) {
    const word = wordAt(tokens, at)
    if (word === 'case') open += 1
    else if (word === 'end') open -= 1
    else if (open === 0 || !words.has(word)) return at
  }
}

/** `AS from`, `x.from`, `IS DISTINCT FROM`, `WITHIN GROUP`: no clause begins here. */
function isName(tokens: Tokens, index: number): boolean {
  const before = index - 1
  if (isWord(tokens, before, 'as') || isCharacter(tokens, before, '.')) return true
  if (isWord(tokens, before, 'distinct')) return isWord(tokens, index, 'from')
  return isWord(tokens, before, 'within')
}

/** A word in lower case (ASCII), '' for any other token. */
export function wordAt(tokens: Tokens, index: number): string {
  if (tokens.kinds[index] !== Token.word) return ''
  return tokens.text.toString('latin1', tokens.starts[index] ?? 0, tokens.ends[index] ?? 0).toLowerCase()
}

/** Behind an identifier at `index`, `U&"…" UESCAPE '!'` included. */
export function afterIdentifier(tokens: Tokens, index: number): number {
  const unicode = tokens.kinds[index] === Token.quoted && tokens.text[tokens.starts[index] ?? 0] !== 0x22
  return unicode && isWord(tokens, index + 1, 'uescape') ? index + 3 : index + 1
}

/** Behind a dotted name at `index`. */
export function afterName(tokens: Tokens, index: number): number {
  let at = afterIdentifier(tokens, index)
  while (isCharacter(tokens, at, '.')) at = afterIdentifier(tokens, at + 1)
  return at
}
