/** What users call the statements that are refused whole; a kind that is missing here goes by its node's name. */
export const STATEMENT_NAMES: ReadonlyMap<string, string> = new Map([
  ['AlterDatabaseSetStmt', 'ALTER DATABASE'],
  ['AlterDatabaseStmt', 'ALTER DATABASE'],
  ['AlterRoleSetStmt', 'ALTER ROLE'],
  ['AlterRoleStmt', 'ALTER ROLE'],
  ['AlterSystemStmt', 'ALTER SYSTEM'],
  ['AlterTableStmt', 'ALTER TABLE'],
  ['CallStmt', 'CALL'],
  ['CheckPointStmt', 'CHECKPOINT'],
  ['ClosePortalStmt', 'CLOSE'],
  ['ClusterStmt', 'CLUSTER'],
  ['CommentStmt', 'COMMENT'],
  ['ConstraintsSetStmt', 'SET CONSTRAINTS'],
  ['CopyStmt', 'COPY'],
  ['CreateExtensionStmt', 'CREATE EXTENSION'],
  ['CreateFunctionStmt', 'CREATE FUNCTION'],
  ['CreateRoleStmt', 'CREATE ROLE'],
  ['CreateSchemaStmt', 'CREATE SCHEMA'],
  ['CreateSeqStmt', 'CREATE SEQUENCE'],
  ['CreateStmt', 'CREATE TABLE'],
  ['CreateTableAsStmt', 'CREATE TABLE AS'],
  ['CreateTrigStmt', 'CREATE TRIGGER'],
  ['CreatedbStmt', 'CREATE DATABASE'],
  ['CurrentOfExpr', 'WHERE CURRENT OF'],
  ['DeallocateStmt', 'DEALLOCATE'],
  ['DeclareCursorStmt', 'DECLARE CURSOR'],
  ['DefineStmt', 'CREATE'],
  ['DiscardStmt', 'DISCARD'],
  ['DoStmt', 'DO'],
  ['DropRoleStmt', 'DROP ROLE'],
  ['DropStmt', 'DROP'],
  ['DropdbStmt', 'DROP DATABASE'],
  ['ExecuteStmt', 'EXECUTE'],
  ['FetchStmt', 'FETCH'],
  ['GrantRoleStmt', 'GRANT'],
  ['GrantStmt', 'GRANT'],
  ['ImportForeignSchemaStmt', 'IMPORT FOREIGN SCHEMA'],
  ['IndexStmt', 'CREATE INDEX'],
  ['ListenStmt', 'LISTEN'],
  ['LoadStmt', 'LOAD'],
  ['LockStmt', 'LOCK TABLE'],
  ['NotifyStmt', 'NOTIFY'],
  ['PrepareStmt', 'PREPARE'],
  ['ReassignOwnedStmt', 'REASSIGN OWNED'],
  ['RefreshMatViewStmt', 'REFRESH MATERIALIZED VIEW'],
  ['ReindexStmt', 'REINDEX'],
  ['RenameStmt', 'ALTER … RENAME'],
  ['RuleStmt', 'CREATE RULE'],
  ['SecLabelStmt', 'SECURITY LABEL'],
  ['TruncateStmt', 'TRUNCATE'],
  ['UnlistenStmt', 'UNLISTEN'],
  ['VacuumStmt', 'VACUUM'],
  ['ViewStmt', 'CREATE VIEW'],
])

/** What to do instead, for the refused statements that have an instead. */
export const STATEMENT_HINTS: ReadonlyMap<string, string> = new Map([
  ['CopyStmt', 'Use INSERT with several rows, or SELECT.'],
  ['TruncateStmt', 'DELETE without WHERE removes the rows of your tenant.'],
  ['PrepareStmt', 'Use the prepared statements of the protocol, as drivers do.'],
  ['DeclareCursorStmt', 'Use the portals of the protocol (a fetch size in the driver), or LIMIT.'],
])

const SCHEMA_HINT = 'Changes of the schema belong to an operator, who connects to the database itself.'

export function statementHint(kind: string): string {
  const own = STATEMENT_HINTS.get(kind)
  if (own !== undefined) return own
  return /^(Create|Alter|Drop|Index|View|Rename|Rule|Define|Grant|Comment)/.test(kind)
    ? SCHEMA_HINT
    : 'docs/supported-sql.md lists what is available.'
}
