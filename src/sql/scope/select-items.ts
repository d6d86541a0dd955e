import type { SelectStmt } from '@pgsql/types'
import type { Tokens } from '../lexer.js'
import { unsupported } from '../refusals.js'
import { isWord, listItems, nextClause, type TokenSpan, tokenAt } from '../token-reader.js'
import type { ScopeContext, Stamping } from './context.js'

/** What can follow a target list. */
const CLAUSES = new Set(
  'from into where group having window union intersect except order limit offset fetch for on returning'.split(
    ' ',
  ),
)

/** The items of an arm's target list, their aliases included. */
export function itemSpans(stamping: Stamping, arm: SelectStmt, context: ScopeContext): readonly TokenSpan[] {
  const first = arm.targetList?.[0]
  const location = first !== undefined && 'ResTarget' in first ? (first.ResTarget.location ?? 0) : -1
  const from = location < 0 ? -1 : tokenAt(context.tokens, location)
  if (from < 0)
    throw unsupported('selectForm', { position: context.position(stamping.target.rangeVar.location) })
  return listItems(context.tokens, { from, to: nextClause(context.tokens, from, CLAUSES) })
}

/** An item without its alias: `[AS] name`, where the name may be of the form `U&"…" UESCAPE '!'`. */
export function valueSpan(item: TokenSpan, name: string | undefined, tokens: Tokens): TokenSpan {
  if (name === undefined) return item
  const alias = isWord(tokens, item.to - 2, 'uescape') ? item.to - 3 : item.to - 1
  return { from: item.from, to: isWord(tokens, alias - 1, 'as') ? alias - 1 : alias }
}
