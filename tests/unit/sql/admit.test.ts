import { beforeAll, describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/errors.js'
import { admit } from '../../../src/sql/admit.js'
import { DISPOSITIONS } from '../../../src/sql/ast/dispositions.js'
import type { NodeKind } from '../../../src/sql/ast/grammar.js'
import { untag } from '../../../src/sql/ast/walk.js'
import { parse } from '../../../src/sql/parse.js'
import { loadParser } from '../../../src/sql/parser.js'

beforeAll(loadParser)

/** One statement of each kind that PostgreSQL's grammar knows. */
const SAMPLES: Readonly<Partial<Record<NodeKind, string>>> = {
  AlterCollationStmt: 'ALTER COLLATION a REFRESH VERSION',
  AlterDatabaseRefreshCollStmt: 'ALTER DATABASE a REFRESH COLLATION VERSION',
  AlterDatabaseSetStmt: 'ALTER DATABASE a SET b = 1',
  AlterDatabaseStmt: 'ALTER DATABASE a CONNECTION LIMIT 1',
  AlterDefaultPrivilegesStmt: 'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO a',
  AlterDomainStmt: 'ALTER DOMAIN a DROP NOT NULL',
  AlterEnumStmt: "ALTER TYPE a ADD VALUE 'b'",
  AlterEventTrigStmt: 'ALTER EVENT TRIGGER a DISABLE',
  AlterExtensionContentsStmt: 'ALTER EXTENSION a ADD TABLE b',
  AlterExtensionStmt: 'ALTER EXTENSION a UPDATE',
  AlterFdwStmt: "ALTER FOREIGN DATA WRAPPER a OPTIONS (b 'c')",
  AlterForeignServerStmt: "ALTER SERVER a OPTIONS (b 'c')",
  AlterFunctionStmt: 'ALTER FUNCTION a() STABLE',
  AlterObjectDependsStmt: 'ALTER FUNCTION a() DEPENDS ON EXTENSION b',
  AlterObjectSchemaStmt: 'ALTER TABLE a SET SCHEMA b',
  AlterOpFamilyStmt: 'ALTER OPERATOR FAMILY a USING btree ADD OPERATOR 1 <(int, int)',
  AlterOperatorStmt: 'ALTER OPERATOR +(int, int) SET (RESTRICT = NONE)',
  AlterOwnerStmt: 'ALTER SCHEMA a OWNER TO b',
  AlterPolicyStmt: 'ALTER POLICY a ON b USING (true)',
  AlterPublicationStmt: 'ALTER PUBLICATION a ADD TABLE b',
  AlterRoleSetStmt: 'ALTER ROLE a SET b = 1',
  AlterRoleStmt: 'ALTER ROLE a SUPERUSER',
  AlterSeqStmt: 'ALTER SEQUENCE a RESTART',
  AlterStatsStmt: 'ALTER STATISTICS a SET STATISTICS 1',
  AlterSubscriptionStmt: 'ALTER SUBSCRIPTION a ENABLE',
  AlterSystemStmt: 'ALTER SYSTEM SET a = 1',
  AlterTSConfigurationStmt: 'ALTER TEXT SEARCH CONFIGURATION a DROP MAPPING FOR b',
  AlterTSDictionaryStmt: 'ALTER TEXT SEARCH DICTIONARY a (b = 1)',
  AlterTableMoveAllStmt: 'ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b',
  AlterTableSpaceOptionsStmt: 'ALTER TABLESPACE a SET (seq_page_cost = 1)',
  AlterTableStmt: 'ALTER TABLE a ADD b int',
  AlterTypeStmt: 'ALTER TYPE a SET (RECEIVE = b)',
  AlterUserMappingStmt: "ALTER USER MAPPING FOR a SERVER b OPTIONS (SET c 'd')",
  CallStmt: 'CALL a()',
  CheckPointStmt: 'CHECKPOINT',
  ClosePortalStmt: 'CLOSE a',
  ClusterStmt: 'CLUSTER a',
  CommentStmt: "COMMENT ON TABLE a IS 'b'",
  CompositeTypeStmt: 'CREATE TYPE a AS (b int)',
  ConstraintsSetStmt: 'SET CONSTRAINTS ALL DEFERRED',
  CopyStmt: 'COPY a TO STDOUT',
  CreateAmStmt: 'CREATE ACCESS METHOD a TYPE TABLE HANDLER b',
  CreateCastStmt: 'CREATE CAST (a AS b) WITHOUT FUNCTION',
  CreateConversionStmt: "CREATE CONVERSION a FOR 'UTF8' TO 'LATIN1' FROM b",
  CreateDomainStmt: 'CREATE DOMAIN a AS int',
  CreateEnumStmt: "CREATE TYPE a AS ENUM ('b')",
  CreateEventTrigStmt: 'CREATE EVENT TRIGGER a ON ddl_command_end EXECUTE FUNCTION b()',
  CreateExtensionStmt: 'CREATE EXTENSION IF NOT EXISTS a SCHEMA b',
  CreateFdwStmt: 'CREATE FOREIGN DATA WRAPPER a',
  CreateForeignServerStmt: 'CREATE SERVER a FOREIGN DATA WRAPPER b',
  CreateForeignTableStmt: 'CREATE FOREIGN TABLE a (b int) SERVER c',
  CreateFunctionStmt: "CREATE FUNCTION a() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  CreateOpClassStmt: 'CREATE OPERATOR CLASS a FOR TYPE b USING btree AS STORAGE c',
  CreateOpFamilyStmt: 'CREATE OPERATOR FAMILY a USING btree',
  CreatePLangStmt: 'CREATE LANGUAGE a HANDLER b',
  CreatePolicyStmt: 'CREATE POLICY a ON b',
  CreatePublicationStmt: 'CREATE PUBLICATION a',
  CreateRangeStmt: 'CREATE TYPE a AS RANGE (SUBTYPE = b)',
  CreateRoleStmt: 'CREATE ROLE a',
  CreateSchemaStmt: 'CREATE SCHEMA a',
  CreateSeqStmt: 'CREATE SEQUENCE a',
  CreateStatsStmt: 'CREATE STATISTICS a ON b, c FROM d',
  CreateStmt: 'CREATE TEMP TABLE a (b int)',
  CreateSubscriptionStmt: "CREATE SUBSCRIPTION a CONNECTION 'b' PUBLICATION c",
  CreateTableAsStmt: 'CREATE TEMP TABLE a AS SELECT 1',
  CreateTableSpaceStmt: "CREATE TABLESPACE a LOCATION 'b'",
  CreateTransformStmt:
    'CREATE TRANSFORM FOR a LANGUAGE b (FROM SQL WITH FUNCTION c(internal), TO SQL WITH FUNCTION d(internal))',
  CreateTrigStmt: 'CREATE TRIGGER a BEFORE INSERT ON b EXECUTE FUNCTION c()',
  CreateUserMappingStmt: 'CREATE USER MAPPING FOR a SERVER b',
  CreatedbStmt: 'CREATE DATABASE a',
  DeallocateStmt: 'DEALLOCATE a',
  DeclareCursorStmt: 'DECLARE a CURSOR FOR SELECT 1',
  DefineStmt: 'CREATE AGGREGATE a(int) (SFUNC = b, STYPE = int)',
  DeleteStmt: 'DELETE FROM a',
  DiscardStmt: 'DISCARD ALL',
  DoStmt: "DO 'a'",
  DropOwnedStmt: 'DROP OWNED BY a',
  DropRoleStmt: 'DROP ROLE a',
  DropStmt: 'DROP TABLE a',
  DropSubscriptionStmt: 'DROP SUBSCRIPTION a',
  DropTableSpaceStmt: 'DROP TABLESPACE a',
  DropUserMappingStmt: 'DROP USER MAPPING FOR a SERVER b',
  DropdbStmt: 'DROP DATABASE a',
  ExecuteStmt: 'EXECUTE a',
  ExplainStmt: 'EXPLAIN SELECT 1',
  FetchStmt: 'FETCH a',
  GrantRoleStmt: 'GRANT a TO b',
  GrantStmt: 'GRANT SELECT ON a TO b',
  ImportForeignSchemaStmt: 'IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c',
  IndexStmt: 'CREATE INDEX ON a (b)',
  InsertStmt: 'INSERT INTO a DEFAULT VALUES',
  ListenStmt: 'LISTEN a',
  LoadStmt: "LOAD 'a'",
  LockStmt: 'LOCK TABLE a IN ACCESS SHARE MODE',
  MergeStmt: 'MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE',
  NotifyStmt: 'NOTIFY a',
  PrepareStmt: 'PREPARE a AS SELECT 1',
  ReassignOwnedStmt: 'REASSIGN OWNED BY a TO b',
  RefreshMatViewStmt: 'REFRESH MATERIALIZED VIEW a',
  ReindexStmt: 'REINDEX TABLE a',
  RenameStmt: 'ALTER TABLE a RENAME TO b',
  RuleStmt: 'CREATE RULE a AS ON INSERT TO b DO NOTHING',
  SecLabelStmt: "SECURITY LABEL ON TABLE a IS 'b'",
  SelectStmt: 'SELECT 1',
  TransactionStmt: 'BEGIN',
  TruncateStmt: 'TRUNCATE a',
  UnlistenStmt: 'UNLISTEN *',
  UpdateStmt: 'UPDATE a SET b = 1',
  VacuumStmt: 'VACUUM a',
  VariableSetStmt: 'SET a = 1',
  VariableShowStmt: 'SHOW a',
  ViewStmt: 'CREATE VIEW a AS SELECT 1',
}

/** Statement kinds that no text produces as a statement: parts of others, or trees of a later stage. */
const NEVER_STATEMENTS = new Set([
  'PLAssignStmt',
  'RawStmt',
  'ReturnStmt',
  'SetOperationStmt',
  'ReplicaIdentityStmt',
])

function refusal(text: string): GatewayError | null {
  try {
    admit(parse(Buffer.from(text), { maxTextBytes: 100_000 }))
    return null
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}

const kinds = Object.keys(DISPOSITIONS) as NodeKind[]

describe('each kind of statement', () => {
  test('has a sample here', () => {
    const statements = kinds.filter((kind) => kind.endsWith('Stmt') && !NEVER_STATEMENTS.has(kind))
    expect(statements.filter((kind) => SAMPLES[kind] === undefined)).toEqual([])
  })

  test.each(Object.entries(SAMPLES))('%s is admitted or refused as the table says', (kind, text) => {
    const [raw] = parse(Buffer.from(text), { maxTextBytes: 1000 }).statements
    expect(untag(raw?.stmt ?? {})?.kind).toBe(kind)
    const error = refusal(text)
    if (DISPOSITIONS[kind as NodeKind] !== 'refuse') expect(error).toBeNull()
    else {
      expect(error?.sqlstate).toBe('0A000')
      expect(error?.hint).toBeTruthy()
      expect(refusal(`SELECT 'ä'; ${text}`)?.position).toBe(12 + (error?.position ?? 0))
    }
  })
})

describe('admit refuses', () => {
  test.each([
    ['SELECT INTO', 'SELECT 1 INTO a'],
    ['SELECT INTO in a set operation', 'SELECT 1 INTO a UNION SELECT 2'],
    ['two-phase commit', "PREPARE TRANSACTION 'a'"],
    ['the second phase', "COMMIT PREPARED 'a'"],
    ['its rollback', "ROLLBACK PREPARED 'a'"],
    ['COPY from a file', "COPY a FROM '/etc/passwd'"],
    ['COPY to a file', "COPY a TO '/tmp/a'"],
    ['COPY from a program', "COPY a FROM PROGRAM 'id'"],
    ['COPY to a program', "COPY (SELECT 1) TO PROGRAM 'id'"],
    ['a lock that blocks others', 'LOCK TABLE a'],
    ['a share lock', 'LOCK TABLE a IN SHARE MODE'],
    ['a statement under EXPLAIN', 'EXPLAIN CREATE TABLE a AS SELECT 1'],
    ['a temporary table with a parent', 'CREATE TEMP TABLE a () INHERITS (b)'],
    ['a temporary partition', 'CREATE TEMP TABLE a PARTITION OF b DEFAULT'],
    ['a temporary table that is partitioned', 'CREATE TEMP TABLE a (b int) PARTITION BY LIST (b)'],
    ['a temporary table of a type', 'CREATE TEMP TABLE a OF b'],
    ['a temporary table with options', 'CREATE TEMP TABLE a (b int) WITH (fillfactor = 10)'],
    ['a temporary table in a tablespace', 'CREATE TEMP TABLE a (b int) TABLESPACE c'],
    ['a temporary table by another method', 'CREATE TEMP TABLE a (b int) USING c'],
    ['a temporary table in a schema', 'CREATE TEMP TABLE public.a (b int)'],
    ['a foreign key of a temporary table', 'CREATE TEMP TABLE a (b int REFERENCES c)'],
    ['an exclusion constraint of a temporary table', 'CREATE TEMP TABLE a (b int, EXCLUDE (b WITH =))'],
    ['an unlogged table', 'CREATE UNLOGGED TABLE a (b int)'],
    ['a view that is dropped', 'DROP VIEW a'],
    ['a table of a schema that is dropped', 'DROP TABLE public.a'],
    ['INTO a table', 'SELECT 1 INTO TABLE a'],
    ['a refused statement behind others', 'SELECT 1; SELECT 2; TRUNCATE a'],
  ])('%s', (_title, text) => {
    expect(refusal(text)?.sqlstate).toBe('0A000')
  })
})

describe('admit lets through', () => {
  test.each([
    'SELECT a, b.c, d.*, $1, (e).f, g[1:2] FROM h i (j) WHERE k IS NOT NULL GROUP BY ROLLUP (l) HAVING m WINDOW n AS (ORDER BY o)',
    'SELECT CASE WHEN a THEN b ELSE c END, COALESCE(d, e), NULLIF(f, g), GREATEST(h, i), ARRAY[j], ROW(k, l), CAST(m AS n)',
    'SELECT current_date, EXTRACT(year FROM a), b AT TIME ZONE \'c\', d COLLATE "e", f IS TRUE, g IS DISTINCT FROM h, i BETWEEN j AND k',
    "SELECT XMLELEMENT(NAME a, b), JSON_OBJECT(c: d), JSON_ARRAYAGG(e), f IS JSON, JSON_VALUE(g, '$')",
    "SELECT a FROM b, LATERAL c(d) WITH ORDINALITY AS e (f), ROWS FROM (g(), h()) AS i, XMLTABLE('a' PASSING j COLUMNS k int) AS l",
    'SELECT a FROM b TABLESAMPLE system (1) REPEATABLE (2) FOR UPDATE OF b SKIP LOCKED',
    'WITH RECURSIVE a AS (SELECT 1 UNION SELECT 2) SEARCH BREADTH FIRST BY b SET c CYCLE d SET e USING f SELECT * FROM a',
    'INSERT INTO a (b, c[1]) OVERRIDING USER VALUE VALUES (1, DEFAULT) ON CONFLICT (d COLLATE "e") WHERE f DO UPDATE SET g = excluded.g RETURNING *',
    'UPDATE ONLY a SET (b, c) = (SELECT 1, 2), d = DEFAULT FROM e WHERE f RETURNING g',
    'BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE; SAVEPOINT a; RELEASE a; ROLLBACK TO a; COMMIT AND CHAIN',
  ])('%s', (text) => {
    expect(refusal(text)).toBeNull()
  })
})
