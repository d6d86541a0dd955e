import type { NodeKind } from './ast/grammar.js'
import type { Struct } from './ast/walk.js'

const COMMANDS: Partial<Record<NodeKind, string>> = {
  SelectStmt: 'SELECT',
  InsertStmt: 'INSERT',
  UpdateStmt: 'UPDATE',
  DeleteStmt: 'DELETE',
  MergeStmt: 'MERGE',
  DeclareCursorStmt: 'DECLARE CURSOR',
  FetchStmt: 'FETCH',
  ClosePortalStmt: 'CLOSE',
  DiscardStmt: 'DISCARD',
  PrepareStmt: 'PREPARE',
  ExecuteStmt: 'EXECUTE',
  DeallocateStmt: 'DEALLOCATE',
  CreateStmt: 'CREATE TABLE',
  CreateTableAsStmt: 'CREATE TABLE AS',
  DropStmt: 'DROP TABLE',
  ListenStmt: 'LISTEN',
  LockStmt: 'LOCK TABLE',
  NotifyStmt: 'NOTIFY',
  UnlistenStmt: 'UNLISTEN',
  CopyStmt: 'COPY',
  CreateExtensionStmt: 'CREATE EXTENSION',
  ExplainStmt: 'EXPLAIN',
  VariableSetStmt: 'SET',
  VariableShowStmt: 'SHOW',
}

/** What users call a statement, for messages and metrics: a small, fixed set of names. */
export function commandOf(statement: { readonly kind: NodeKind; readonly struct: Struct } | null): string {
  if (statement === null) return 'EMPTY'
  if (statement.kind !== 'TransactionStmt') return COMMANDS[statement.kind] ?? 'OTHER'
  return String(statement.struct.kind).replace('TRANS_STMT_', '').replaceAll('_', ' ')
}
