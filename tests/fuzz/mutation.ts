import type { Random } from '../property/random.js'

/** Literals, names, numbers, operators and single characters; blanks and comments fall away. */
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\d+|[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*|\d+(?:\.\d+)?|::|[<>=!~@#%^&|*/+-]+|\S/g

export function tokensOf(text: string): readonly string[] {
  return text.replace(/--[^\n]*|\/\*.*?\*\//gs, ' ').match(TOKEN) ?? []
}

type Tokens = readonly string[]
type Mutation = (tokens: Tokens, other: Tokens, random: Random) => Tokens

/** Between which tokens the parenthesis at `start` stands; null where none is. */
function groupAt(tokens: Tokens, start: number): readonly [number, number] | null {
  if (tokens[start] !== '(') return null
  let depth = 0
  for (let i = start; i < tokens.length; i += 1) {
    if (tokens[i] === '(') depth += 1
    if (tokens[i] === ')') depth -= 1
    if (depth === 0) return [start, i + 1]
  }
  return null
}

function groups(tokens: Tokens): readonly (readonly [number, number])[] {
  return tokens.flatMap((_, index) => {
    const group = groupAt(tokens, index)
    return group === null ? [] : [group]
  })
}

function replaced(tokens: Tokens, from: number, to: number, by: Tokens): Tokens {
  return [...tokens.slice(0, from), ...by, ...tokens.slice(to)]
}

/** A piece of a few tokens. */
function piece(tokens: Tokens, random: Random): readonly [number, number] {
  const from = random.below(tokens.length)
  return [from, Math.min(tokens.length, from + random.between(1, 6))]
}

/** Expressions around a group, many of which the planner looks through. */
const AROUND: readonly (readonly [string, string])[] = [
  ['(', ' IS NOT NULL)'],
  ['(NOT ', ')'],
  ['coalesce(', ', NULL)'],
  ['(CASE WHEN true THEN ', ' END)'],
  ['(ARRAY[', '])[1]'],
  ['(SELECT ', ')'],
  ['(', ' = ANY (ARRAY[true]))'],
  ['(', '::text)'],
  ['(VALUES (', '))'],
  ['LATERAL (SELECT * FROM ', ' AS x)'],
  ['(WITH x AS (SELECT 1) SELECT ', ' FROM x)'],
]

/** A piece is left out, said twice, or comes from elsewhere. */
const ROUGH: readonly Mutation[] = [
  (tokens, _, random) => replaced(tokens, ...piece(tokens, random), []),
  (tokens, _, random) => {
    const [from, to] = piece(tokens, random)
    return replaced(tokens, from, from, tokens.slice(from, to))
  },
  (tokens, other, random) => replaced(tokens, ...piece(tokens, random), other.slice(...piece(other, random))),
]

/** What mostly leaves a statement one that can be parsed. */
const FINE: readonly Mutation[] = [
  // a token becomes another one of its kind
  (tokens, other, random) => {
    const at = random.below(tokens.length)
    const kind = kindOf(tokens[at] ?? '')
    const alike = other.filter((token) => kindOf(token) === kind)
    return alike.length === 0 || kind === 'word' ? tokens : replaced(tokens, at, at + 1, [random.pick(alike)])
  },
  // what stands in parentheses becomes what stands in others
  (tokens, other, random) => {
    const [mine, theirs] = [groups(tokens), groups(other)]
    if (mine.length === 0 || theirs.length === 0) return tokens
    return replaced(tokens, ...random.pick(mine), other.slice(...random.pick(theirs)))
  },
  // or gets something around it
  (tokens, _, random) => {
    const own = groups(tokens)
    if (own.length === 0) return tokens
    const [from, to] = random.pick(own)
    const [before, after] = random.pick(AROUND)
    return replaced(tokens, from, to, [before, ...tokens.slice(from, to), after])
  },
]
const ROUGH_PERCENT = 15

/** Written in capitals in most of the corpus. */
const WORD = /^[A-Z_]+$/

function kindOf(token: string): string {
  if (/^['"]/.test(token)) return token[0] ?? ''
  if (WORD.test(token)) return 'word'
  if (/^[a-z_]/i.test(token)) return 'name'
  return /^\d/.test(token) ? 'number' : token.length === 1 ? token : 'operator'
}

/** A text with up to four changes that make it like another, or like nothing that anybody would write. */
export function mutated(text: string, other: string, random: Random): string {
  let tokens = tokensOf(text)
  const model = tokensOf(other)
  if (tokens.length === 0 || model.length === 0) return text
  for (let left = random.between(1, 4); left > 0 && tokens.length > 0; left -= 1)
    tokens = random.pick(random.chance(ROUGH_PERCENT) ? ROUGH : FINE)(tokens, model, random)
  return tokens.join(' ')
}
