/** What users call the statements that are refused, where that isn't what their nodes are called. */
export const STATEMENT_NAMES: ReadonlyMap<string, string> = new Map([
  ['AlterDatabaseSetStmt', 'ALTER DATABASE'],
  ['AlterDatabaseStmt', 'ALTER DATABASE'],
  ['AlterRoleSetStmt', 'ALTER ROLE'],
  ['AlterRoleStmt', 'ALTER ROLE'],
  ['AlterSeqStmt', 'ALTER SEQUENCE'],
  ['AlterSystemStmt', 'ALTER SYSTEM'],
  ['AlterTableStmt', 'ALTER TABLE'],
  ['CallStmt', 'CALL'],
  ['CheckPointStmt', 'CHECKPOINT'],
  ['ClusterStmt', 'CLUSTER'],
  ['CommentStmt', 'COMMENT'],
  ['ConstraintsSetStmt', 'SET CONSTRAINTS'],
  ['CreateEnumStmt', 'CREATE TYPE'],
  ['CompositeTypeStmt', 'CREATE TYPE'],
  ['CreateExtensionStmt', 'CREATE EXTENSION'],
  ['CreateFunctionStmt', 'CREATE FUNCTION'],
  ['CreateRoleStmt', 'CREATE ROLE'],
  ['CreateSchemaStmt', 'CREATE SCHEMA'],
  ['CreateSeqStmt', 'CREATE SEQUENCE'],
  ['CreateTrigStmt', 'CREATE TRIGGER'],
  ['CreatedbStmt', 'CREATE DATABASE'],
  ['DefineStmt', 'CREATE'],
  ['DoStmt', 'DO'],
  ['DropRoleStmt', 'DROP ROLE'],
  ['DropdbStmt', 'DROP DATABASE'],
  ['GrantRoleStmt', 'GRANT'],
  ['GrantStmt', 'GRANT'],
  ['ImportForeignSchemaStmt', 'IMPORT FOREIGN SCHEMA'],
  ['IndexStmt', 'CREATE INDEX'],
  ['LoadStmt', 'LOAD'],
  ['LockStmt', 'LOCK TABLE'],
  ['ReassignOwnedStmt', 'REASSIGN OWNED'],
  ['RefreshMatViewStmt', 'REFRESH MATERIALIZED VIEW'],
  ['ReindexStmt', 'REINDEX'],
  ['RenameStmt', 'ALTER … RENAME'],
  ['RuleStmt', 'CREATE RULE'],
  ['SecLabelStmt', 'SECURITY LABEL'],
  ['TruncateStmt', 'TRUNCATE'],
  ['VacuumStmt', 'VACUUM'],
  ['ViewStmt', 'CREATE VIEW'],
])

/** What to do instead, for the refused statements that have an instead. */
export const STATEMENT_HINTS: ReadonlyMap<string, string> = new Map([
  ['CopyStmt', 'Use COPY … TO STDOUT to read, COPY … FROM STDIN to write.'],
  ['TruncateStmt', 'DELETE without WHERE removes the rows of your tenant.'],
  ['LockStmt', 'ACCESS SHARE and ROW SHARE are available; stronger modes block other tenants.'],
])

/** What users call a refused statement or node: by the table, else from the node's own name (`AlterSeqStmt`: ALTER SEQ). */
export function statementName(kind: string): string {
  if (!kind.endsWith('Stmt')) return STATEMENT_NAMES.get(kind) ?? kind
  return (
    STATEMENT_NAMES.get(kind) ??
    kind
      .slice(0, -4)
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toUpperCase()
  )
}

const SCHEMA_HINT =
  'Changes of the schema belong to an operator, who connects to the database itself; temporary tables are available.'

export function statementHint(kind: string): string {
  const own = STATEMENT_HINTS.get(kind)
  if (own !== undefined) return own
  return /^(Create|Alter|Drop|Index|View|Rename|Rule|Define|Grant|Comment)/.test(kind)
    ? SCHEMA_HINT
    : 'docs/supported-sql.md lists what is available.'
}

/** Why a statement is refused, for those of which more can be said than that they have no rule. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^(Truncate|Vacuum|Cluster|Reindex|RefreshMatView|CheckPoint)/, "it works on every tenant's rows at once"],
  [/^(Call|Do)Stmt/, 'it runs code that the gateway sees nothing of'],
  [
    /^(Prepare|Execute|Deallocate|ConstraintsSet)/,
    'it leaves something on a server connection that others use next',
  ],
  [/^(Load|AlterSystem|CreateTableSpace|DropTableSpace|AlterTableSpace)/, 'it is about the whole server'],
]

export function statementReason(kind: string): string {
  const own = REASONS.find(([pattern]) => pattern.test(kind))
  return own?.[1] ?? 'the schema and its rights are those of all tenants'
}
