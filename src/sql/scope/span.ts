import type { RangeVar } from '@pgsql/types'
import { invariant } from '../../core/invariant.js'
import type { Tokens } from '../lexer.js'
import { afterIdentifier, afterName, closing, isCharacter, isWord, tokenAt } from '../token-reader.js'

/** The parts of a relation's place in the text, as byte offsets. */
export interface RelationSpan {
  /** ONLY, an opening bracket, or the name. */
  readonly start: number
  /** The first part of the name. */
  readonly name: number
  /** Behind the name, its closing bracket and `*`; the alias, if any, follows. */
  readonly expressionEnd: number
  /** Behind the alias with its column list, and the TABLESAMPLE clause. */
  readonly end: number
  /** The index of the first token. */
  readonly startToken: number
  /** The index of the token behind `end`. */
  readonly nextToken: number
}

/**
 * Finds the whole of `[ONLY] [(] name [)] [*] [[AS] alias [(columns)]] [TABLESAMPLE method (…) [REPEATABLE (…)]]`.
 *
 * The tree gives only the name's offset; what else is there follows from the tree's fields, so no guess is made.
 */
export function relationSpan(tokens: Tokens, rangeVar: RangeVar, isSampled: boolean): RelationSpan {
  const name = tokenAt(tokens, rangeVar.location ?? 0)
  invariant(name >= 0, 'a relation starts at a token')
  const startToken = rangeVar.inh === true ? name : onlyToken(tokens, name)
  const afterExpression = behindDecoration(tokens, afterName(tokens, name), {
    rangeVar,
    brackets: name - startToken - 1,
  })
  const afterNames =
    rangeVar.alias === undefined
      ? afterExpression
      : afterAlias(tokens, afterExpression, rangeVar.alias.colnames !== undefined)
  const next = isSampled ? afterSample(tokens, afterNames) : afterNames
  return {
    start: tokens.starts[startToken] ?? 0,
    name: tokens.starts[name] ?? 0,
    expressionEnd: tokens.ends[afterExpression - 1] ?? 0,
    end: tokens.ends[next - 1] ?? 0,
    startToken,
    nextToken: next,
  }
}

/** ONLY stands in front of the name, or of the bracket around it. */
function onlyToken(tokens: Tokens, name: number): number {
  return isCharacter(tokens, name - 1, '(') ? name - 2 : name - 1
}

/** Behind the bracket of ONLY (t), or the star of `t *`. */
function behindDecoration(
  tokens: Tokens,
  index: number,
  about: { readonly rangeVar: RangeVar; readonly brackets: number },
): number {
  if (about.rangeVar.inh !== true) return index + about.brackets
  return isCharacter(tokens, index, '*') ? index + 1 : index
}

function afterAlias(tokens: Tokens, index: number, hasColumns: boolean): number {
  const at = afterIdentifier(tokens, isWord(tokens, index, 'as') ? index + 1 : index)
  return hasColumns ? closing(tokens, at) + 1 : at
}

function afterSample(tokens: Tokens, index: number): number {
  const method = afterName(tokens, index + 1)
  const at = closing(tokens, method) + 1
  return isWord(tokens, at, 'repeatable') ? closing(tokens, at + 1) + 1 : at
}
