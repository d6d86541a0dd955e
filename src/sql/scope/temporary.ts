import type { RawStmt } from '@pgsql/types'
import { afterIdentifier, isCharacter, isWord } from '../token-reader.js'
import type { ScopeContext } from './context.js'
import { type Edit, insert } from './edit.js'
import { statementStart } from './utility.js'

/**
 * Says of each table that is dropped that it is the session's own; the tree has no places for their names.
 *
 * Shape    DROP TABLE IF EXISTS a, b  →  DROP TABLE IF EXISTS pg_temp.a, pg_temp.b
 */
export function dropTemporary(raw: RawStmt, context: ScopeContext): readonly Edit[] {
  const { tokens } = context
  const edits: Edit[] = []
  // DROP TABLE [IF EXISTS] name [, …]
  let at = statementStart(raw, context) + 2
  if (isWord(tokens, at, 'if') && isWord(tokens, at + 1, 'exists')) at += 2
  for (let isMore = true; isMore; at += 1) {
    let end = afterIdentifier(tokens, at)
    if (isCharacter(tokens, end, '.')) end = afterIdentifier(tokens, end + 1)
    else edits.push(insert(tokens.starts[at] ?? 0, 'pg_temp.'))
    at = end
    isMore = isCharacter(tokens, at, ',')
  }
  return edits
}
