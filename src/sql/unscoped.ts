import type { RawStmt } from '@pgsql/types'
import { GatewayError } from '../core/errors.js'
import { invariant } from '../core/invariant.js'
import type { OperatorLogin } from '../tenants/login.js'
import type { NodeKind } from './ast/grammar.js'
import { untag } from './ast/walk.js'
import { parse } from './parse.js'

declare const unscopedBy: unique symbol
/** An operator's text as it came, made here and nowhere else; the one SQL of a client that no proof stands behind. */
export type UnscopedSql = Buffer & { readonly [unscopedBy]: 'operator' }

/** An operator's text: its own bytes, and what has to be known of them. */
export interface UnscopedText {
  readonly sql: UnscopedSql
  /** Whether it parses here: then its words and its strings are known apart. The server may know more, or be newer. */
  readonly isUnderstood: boolean
  /** Whether the client may have to send rows for it. */
  readonly mayTakeRows: boolean
  /** Whether the schema may be another one afterwards. */
  readonly mayChangeSchema: boolean
  /** Prepared statements whose names mean something else afterwards, `all` or none. */
  readonly forgets: readonly string[] | 'all'
}

/** A longer text isn't parsed here: it would hold up all other sessions, and the audit shows no more of it. */
const MAX_PARSED_BYTES = 65_536

/** What leaves the schema as it is; a function called by them may not, which the database's own announcement is for. */
const KEEPS_SCHEMA: ReadonlySet<NodeKind> = new Set<NodeKind>([
  ...(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CopyStmt', 'ExplainStmt'] as const),
  ...(['DeclareCursorStmt', 'FetchStmt', 'ClosePortalStmt', 'TransactionStmt', 'LockStmt'] as const),
  ...([
    'VariableSetStmt',
    'VariableShowStmt',
    'DeallocateStmt',
    'DiscardStmt',
    'PrepareStmt',
    'ExecuteStmt',
  ] as const),
  ...(['ListenStmt', 'NotifyStmt', 'UnlistenStmt', 'VacuumStmt', 'CheckPointStmt', 'TruncateStmt'] as const),
])

/**
 * Takes an operator's text as it is.
 *
 * Nothing is admitted, resolved or scoped. A text that doesn't parse here is the server's to judge.
 */
export function unscoped(text: Buffer, login: OperatorLogin): UnscopedText {
  invariant(login.kind === 'operator', 'only an operator’s text is taken as it is')
  const sql = text as UnscopedSql
  const statements = understood(text)
  if (statements === null) return { sql, ...NOTHING_KNOWN }
  return {
    sql,
    isUnderstood: true,
    mayTakeRows: statements.some(takesRows),
    mayChangeSchema: statements.some(changesSchema),
    forgets: statements.map(forgottenBy).reduce(both, []),
  }
}

const NOTHING_KNOWN = { isUnderstood: false, mayTakeRows: true, mayChangeSchema: true, forgets: [] } as const

function understood(text: Buffer): readonly RawStmt[] | null {
  try {
    return parse(text, { maxTextBytes: MAX_PARSED_BYTES }).statements
  } catch (error) {
    if (error instanceof GatewayError) return null
    throw error
  }
}

function takesRows(raw: RawStmt): boolean {
  const statement = untag(raw.stmt ?? {})
  if (statement?.kind !== 'CopyStmt') return false
  const { is_from: isFrom, filename, is_program: isProgram } = statement.struct
  return isFrom === true && filename === undefined && isProgram !== true
}

function changesSchema(raw: RawStmt): boolean {
  const statement = untag(raw.stmt ?? {})
  if (statement === null) return false
  if (statement.kind === 'SelectStmt') return statement.struct.intoClause !== undefined
  return !KEEPS_SCHEMA.has(statement.kind)
}

function forgottenBy(raw: RawStmt): UnscopedText['forgets'] {
  const statement = untag(raw.stmt ?? {})
  switch (statement?.kind) {
    case 'DiscardStmt':
      return statement.struct.target === 'DISCARD_ALL' ? 'all' : []
    case 'DeallocateStmt':
    case 'PrepareStmt': {
      const { name } = statement.struct
      return typeof name === 'string' && name !== '' ? [name] : 'all'
    }
    default:
      return []
  }
}

function both(a: UnscopedText['forgets'], b: UnscopedText['forgets']): UnscopedText['forgets'] {
  return a === 'all' || b === 'all' ? 'all' : [...a, ...b]
}
