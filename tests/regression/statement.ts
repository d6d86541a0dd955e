import type { ParseResult } from '@pgsql/types'
import { GrammarError, parseText } from '../../src/sql/parser.js'

/**
 * What the run does with a statement.
 *
 * asked: through the gateway and of the private database, compared, counted. beside: the same, not counted.
 * direct: it changes the schema; the owner runs it in both databases. setting: on every connection, where the gateway
 * accepts it. skipped: it is about roles, the cluster or plans.
 */
export type Role = 'asked' | 'beside' | 'transaction' | 'direct' | 'setting' | 'skipped'

export interface Statement {
  readonly role: Role
  /** As the grammar calls it; '' where it has no tree. */
  readonly kind: string
  /** Every relation that is named, without schema; names of WITH queries are not among them. */
  readonly names: ReadonlySet<string>
  /** The relations that rows are written to. */
  readonly targets: ReadonlySet<string>
  readonly tree: ParseResult | null
}

const ASKED = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CopyStmt'])
const BESIDE = new Set(
  'DeclareCursorStmt FetchStmt ClosePortalStmt LockStmt PrepareStmt ExecuteStmt DeallocateStmt ListenStmt NotifyStmt UnlistenStmt VariableShowStmt ConstraintsSetStmt'.split(
    ' ',
  ),
)
const SKIPPED =
  /^(Explain|CreateRole|AlterRole|DropRole|Grant|AlterDefaultPrivileges|Createdb|Dropdb|AlterDatabase|AlterSystem|CreateTableSpace|DropTableSpace|CreateSubscription|AlterSubscription|DropSubscription|Load|CheckPoint|ReassignOwned|DropOwned|Discard|AlterOwner|CreateEventTrig|AlterEventTrig)/

/** Ends other connections to the cluster, those of this test among them. */
const ENDING_OTHERS = /\b(?:pg_terminate_backend|terminate_nothrow)\b/i

export function statementOf(text: string): Statement {
  const tree = ENDING_OTHERS.test(text) ? null : treeOf(text)
  if (tree === null) {
    const isQuery =
      !ENDING_OTHERS.test(text) &&
      /^\(*\s*(select|insert|update|delete|merge|with|values|table|copy)\b/i.test(text)
    return { role: isQuery ? 'asked' : 'skipped', kind: '', names: new Set(), targets: new Set(), tree }
  }
  const kinds = (tree.stmts ?? []).map(({ stmt }) => Object.keys(stmt ?? {})[0] ?? '')
  const [kind = ''] = kinds
  const found = relationsOf(tree)
  const role = kinds.length === 1 ? roleOf(kind, found.makesTable) : 'skipped'
  return { role, kind, names: found.names, targets: found.targets, tree }
}

function roleOf(kind: string, makesTable: boolean): Role {
  if (makesTable) return 'direct'
  if (ASKED.has(kind)) return 'asked'
  if (BESIDE.has(kind)) return 'beside'
  if (kind === 'TransactionStmt') return 'transaction'
  if (kind === 'VariableSetStmt') return 'setting'
  return SKIPPED.test(kind) ? 'skipped' : 'direct'
}

function treeOf(text: string): ParseResult | null {
  try {
    return parseText(text)
  } catch (error) {
    if (error instanceof GrammarError) return null
    throw error
  }
}

interface Relations {
  readonly names: Set<string>
  readonly targets: Set<string>
  makesTable: boolean
}

const WRITING = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CopyStmt'])

function relationsOf(tree: unknown): Relations {
  const found: Relations = { names: new Set(), targets: new Set(), makesTable: false }
  const queries = new Set<string>()
  const note = (name: string, value: unknown): void => {
    const { ctename, relation } = (value ?? {}) as { ctename?: string; relation?: unknown }
    if (name === 'intoClause') found.makesTable = true
    if (name === 'CommonTableExpr' && ctename !== undefined) queries.add(ctename)
    if (WRITING.has(name)) addName(found.targets, relation)
    if (name === 'RangeVar' || name === 'relation') addName(found.names, value)
  }
  eachField(tree, note)
  for (const name of queries) found.names.delete(name)
  return found
}

/** Every field of every object of a tree, with its value. */
function eachField(value: unknown, note: (name: string, value: unknown) => void): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) {
    note(name, inner)
    eachField(inner, note)
  }
}

function addName(names: Set<string>, relation: unknown): void {
  const { relname } = (relation ?? {}) as { relname?: string }
  if (relname !== undefined) names.add(relname)
}
