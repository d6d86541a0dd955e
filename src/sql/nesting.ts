import { Token, type Tokens } from './lexer.js'
import { depthChange, isCharacter, wordAt } from './token-reader.js'

/**
 * How deep a text's tree may be by our measure, on the stack of a process; of the shapes that were tried none overflows
 * the parser's below three times as much.
 */
const MAX_NESTING = 2_400
const BRACKET_COST = 2

/** One open bracket, one CASE up to its END, or the statement itself. */
interface Level {
  readonly isCase: boolean
  /** What lies around it. */
  readonly base: number
  /** The item being read, and the costliest before it. */
  item: number
  costliest: number
  /** Set operations and joins: each puts all that stands before it one step deeper. */
  joined: number
  /** Each waits for its AND. */
  betweens: number
}

type Role = 'open' | 'close' | 'separator' | 'join' | 'end' | 'plain'

/**
 * Whether a tree could be too deep for the parser's stack, which ends its instance.
 *
 * Every token may be one step deeper than the one before it, until something ends the item: lists of commas, AND, OR, WHEN
 * make wide trees, not deep ones. A bracket counts for what is in it, and, once closed, for its costliest item, because
 * what follows may take it as its left operand.
 */
export function isTooDeep(tokens: Tokens, maxNesting = MAX_NESTING): boolean {
  const nesting = new Nesting()
  for (let i = 0; i < tokens.count; i += 1) if (nesting.read(tokens, i) > maxNesting) return true
  return false
}

class Nesting {
  #levels: Level[] = []
  #top = level(0, false)

  /** The cost of the deepest path that ends at or before a token of this level. */
  read(tokens: Tokens, index: number): number {
    this.#take(roleOf(tokens, index, this.#top), tokens, index)
    return this.#top.base + cost(this.#top)
  }

  #take(role: Role, tokens: Tokens, index: number): void {
    const top = this.#top
    top.item += 1
    if (role === 'open') this.#open(depthChange(tokens, index) === 0)
    else if (role === 'close') this.#close(depthChange(tokens, index) === 0)
    else if (role === 'separator') endItem(top)
    else if (role === 'join') {
      endItem(top)
      top.joined += 1
    } else if (role === 'end') {
      this.#levels = []
      this.#top = level(0, false)
    }
  }

  #open(isCase: boolean): void {
    const top = this.#top
    this.#levels.push(top)
    this.#top = level(top.base + top.item + top.joined + BRACKET_COST, isCase)
  }

  /** A bracket closes the CASEs that were left open in it: those were names. */
  #close(isCase: boolean): void {
    for (let outer = this.#levels.pop(); outer !== undefined; outer = this.#levels.pop()) {
      const closed = this.#top
      outer.item += cost(closed) + BRACKET_COST
      this.#top = outer
      if (closed.isCase === isCase) return
    }
  }
}

function level(base: number, isCase: boolean): Level {
  return { isCase, base, item: 0, costliest: 0, joined: 0, betweens: 0 }
}

function cost({ item, costliest, joined }: Level): number {
  return Math.max(item, costliest) + joined
}

function endItem(top: Level): void {
  top.costliest = Math.max(top.costliest, top.item)
  top.item = 0
}

function roleOf(tokens: Tokens, index: number, top: Level): Role {
  const bracket = depthChange(tokens, index)
  if (bracket !== 0) return bracket > 0 ? 'open' : 'close'
  if (tokens.kinds[index] !== Token.word) {
    if (isCharacter(tokens, index, ';')) return 'end'
    return isCharacter(tokens, index, ',') ? 'separator' : 'plain'
  }
  return isCharacter(tokens, index - 1, '.') ? 'plain' : roleOfWord(wordAt(tokens, index), top)
}

const ROLES: ReadonlyMap<string, Role> = new Map([
  ['case', 'open'],
  ['or', 'separator'],
  ['union', 'join'],
  ['intersect', 'join'],
  ['except', 'join'],
  ['join', 'join'],
])
const CASE_ROLES: ReadonlyMap<string, Role> = new Map([
  ['when', 'separator'],
  ['then', 'separator'],
  ['else', 'separator'],
  ['end', 'close'],
])

function roleOfWord(word: string, top: Level): Role {
  if (word === 'between') top.betweens += 1
  if (word === 'and') {
    if (top.betweens === 0) return 'separator'
    top.betweens -= 1
  }
  return ROLES.get(word) ?? (top.isCase ? CASE_ROLES.get(word) : undefined) ?? 'plain'
}
