import type { FuncCall, RangeVar, RawStmt, VariableShowStmt } from '@pgsql/types'
import { invariant } from '../../core/invariant.js'
import { untag } from '../ast/walk.js'
import { quoteLiteral } from '../identifier.js'
import { SEARCH_PATH } from '../resolve/settings.js'
import { formatSearchPath } from '../search-path.js'
import { isWord, tokenAt } from '../token-reader.js'
import type { ScopeContext } from './context.js'
import { type Edit, replace } from './edit.js'
import { relationSpan } from './span.js'

const SEMICOLON = 0x3b

/** Where the server keeps what the gateway doesn't let it see: a setting that nothing reads. */
export const SHADOW_SETTING = 'tenantgate.search_path'

/** Shape    TABLE ONLY t  →  SELECT * FROM ONLY t */
export function expandTable(rangeVar: RangeVar, context: ScopeContext): readonly Edit[] {
  const { tokens } = context
  const keyword = relationSpan(tokens, rangeVar, false).startToken - 1
  invariant(isWord(tokens, keyword, 'table'), 'a star that stands nowhere comes from TABLE')
  return [replace(tokens.starts[keyword] ?? 0, tokens.ends[keyword] ?? 0, 'SELECT * FROM')]
}

/**
 * Keeps the search path in the gateway: the server sees the same command on a setting of no consequence.
 *
 * Shape    SET search_path TO a, b  →  SET tenantgate.search_path TO ''
 */
export function shadowSearchPath(raw: RawStmt, context: ScopeContext): readonly Edit[] {
  const [from, to] = statementSpan(raw, context)
  const isLocal = untag(raw.stmt ?? {})?.struct.is_local === true
  return [replace(from, to, `SET ${isLocal ? 'LOCAL ' : ''}${SHADOW_SETTING} TO ''`)]
}

/**
 * A prepared statement of the protocol has a name of the gateway's making on the server: only the gateway forgets it.
 *
 * Shape    DEALLOCATE p  →  SET tenantgate.search_path TO ''
 */
export function shadowDeallocate(raw: RawStmt, context: ScopeContext): readonly Edit[] {
  return [replace(...statementSpan(raw, context), `SET ${SHADOW_SETTING} TO ''`)]
}

/** Shape    SHOW search_path  →  SELECT 'a, b' AS search_path */
export function showSearchPath(raw: RawStmt, context: ScopeContext): readonly Edit[] {
  const [from, to] = statementSpan(raw, context)
  return [replace(from, to, `SELECT ${quoteLiteral(formatSearchPath(context.searchPath))} AS ${SEARCH_PATH}`)]
}

/** Shape    set_config('search_path', …)  →  set_config('tenantgate.search_path', …) */
export function shadowSetConfig(call: FuncCall, context: ScopeContext): readonly Edit[] {
  const name = untag(call.args?.[0] ?? {})
  const { sval } = (name?.struct ?? {}) as { sval?: { sval?: string } }
  if (sval?.sval?.toLowerCase() !== SEARCH_PATH) return []
  const token = tokenAt(context.tokens, Number(name?.struct.location ?? 0))
  return [
    replace(context.tokens.starts[token] ?? 0, context.tokens.ends[token] ?? 0, quoteLiteral(SHADOW_SETTING)),
  ]
}

/** Whether it is a DEALLOCATE that the server has nothing to do with. */
export function isForgottenHere(raw: RawStmt, { hasPrepared }: Pick<ScopeContext, 'hasPrepared'>): boolean {
  return untag(raw.stmt ?? {})?.kind === 'DeallocateStmt' && !hasPrepared
}

export function isShowSearchPath(raw: RawStmt): boolean {
  const statement = untag(raw.stmt ?? {})
  return (
    statement?.kind === 'VariableShowStmt' &&
    (statement.struct as VariableShowStmt).name?.toLowerCase() === SEARCH_PATH
  )
}

/** The bytes of a statement from its first to its last token. */
export function statementSpan(raw: RawStmt, context: ScopeContext): readonly [number, number] {
  const { tokens } = context
  const from = raw.stmt_location ?? 0
  const limit = raw.stmt_len === undefined ? tokens.text.length : from + raw.stmt_len
  const first = statementStart(raw, context)
  let last = first
  for (let i = first; i < tokens.count && (tokens.starts[i] ?? 0) < limit; i += 1) {
    if (tokens.text[tokens.starts[i] ?? 0] !== SEMICOLON) last = i
  }
  return [tokens.starts[first] ?? 0, tokens.ends[last] ?? 0]
}

/** The index of a statement's first token. */
export function statementStart(raw: RawStmt, { tokens }: ScopeContext): number {
  const from = raw.stmt_location ?? 0
  for (let i = 0; i < tokens.count; i += 1) {
    const start = tokens.starts[i] ?? 0
    if (start >= from && tokens.text[start] !== SEMICOLON) return i
  }
  return tokens.count
}
