-- a table copied out
COPY tasks TO STDOUT;

-- a query copied out
COPY (SELECT title FROM tasks) TO STDOUT;

-- some columns copied out
COPY tasks (title) TO STDOUT (FORMAT csv, HEADER);

-- what a deletion returns copied out
COPY (DELETE FROM tasks RETURNING title) TO STDOUT;

-- a file of the server's
--! raw: superuser
COPY tasks TO '/tmp/kanarie-copy-of-tasks';

-- a program of the server's
--! raw: superuser
COPY tasks TO PROGRAM 'cat > /dev/null';

-- a prepared statement
PREPARE s AS SELECT title FROM tasks; EXECUTE s;

-- a prepared statement with the tenant as its parameter
PREPARE s (text) AS SELECT title FROM tasks WHERE tenant_id = $1; EXECUTE s ('8');

-- a cursor
BEGIN; DECLARE c CURSOR FOR SELECT title FROM tasks; FETCH ALL FROM c; COMMIT;

-- a cursor WITH HOLD
DECLARE c CURSOR WITH HOLD FOR SELECT title FROM tasks; FETCH ALL FROM c;

-- a temporary table of other tenants' rows
CREATE TEMPORARY TABLE stolen AS SELECT * FROM tasks; SELECT title FROM stolen;

-- SELECT INTO
SELECT title INTO TEMPORARY stolen FROM tasks; SELECT * FROM stolen;

-- a temporary table that inherits
--! raw: superuser
CREATE TEMPORARY TABLE heir () INHERITS (tasks); SELECT title FROM tasks; DROP TABLE heir;

-- a table of one's own
--! raw: superuser
CREATE TABLE stolen AS SELECT * FROM tasks; SELECT title FROM stolen; DROP TABLE stolen;

-- a view of one's own
--! raw: superuser
CREATE VIEW stolen AS SELECT title FROM tasks; SELECT * FROM stolen; DROP VIEW stolen;

-- a rule
--! raw: superuser
--! probe: SELECT count(*) FROM pg_rewrite WHERE rulename = 'spy'
--! after: DROP RULE spy ON coupons
CREATE RULE spy AS ON UPDATE TO coupons DO ALSO DELETE FROM tasks;

-- a trigger
--! raw: superuser
--! probe: SELECT count(*) FROM pg_trigger WHERE tgname = 'spy'
--! after: DROP TRIGGER spy ON coupons
CREATE TRIGGER spy BEFORE UPDATE ON coupons FOR EACH STATEMENT EXECUTE FUNCTION suppress_redundant_updates_trigger();

-- row security switched off
SET row_security TO off; SELECT title FROM tasks;

-- the role
--! raw: superuser
SET ROLE postgres; SELECT title FROM tasks;

-- the session's authorization
--! raw: superuser
SET SESSION AUTHORIZATION postgres; SELECT title FROM tasks;

-- the role given back
RESET ROLE; SELECT title FROM tasks;

-- the role by LOCAL in a transaction
--! raw: superuser
BEGIN; SET LOCAL ROLE postgres; SELECT title FROM tasks; COMMIT;

-- a setting that changes how strings are read
SET standard_conforming_strings TO off; SELECT title FROM tasks WHERE title <> 'a\' OR tenant_id = '; SELECT 1; --';

-- a setting that changes costs, so that the client's filter runs first
SET cpu_operator_cost TO 0; SELECT id FROM tasks WHERE code::int > 100;

-- a setting that the database sees as a tenant
--! expect: refused
SET app.tenant_id TO '8'; SELECT title FROM tasks;

-- a replica session, whose triggers don't fire
--! raw: superuser
SET session_replication_role TO replica; UPDATE lines SET invoice_id = 999 WHERE id = 17; RESET session_replication_role; SELECT title FROM tasks;

-- settings shown that tell about the server
--! expect: refused
--! raw: superuser
SHOW data_directory; SELECT title FROM tasks;

-- LOCK TABLE
--! probe: SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE c.relname = 'tasks' AND l.mode = 'AccessExclusiveLock' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
BEGIN; LOCK TABLE tasks;

-- a savepoint is no way round
BEGIN; SAVEPOINT a; UPDATE tasks SET points = 0; RELEASE a; COMMIT;

-- DISCARD and then a read
DISCARD PLANS; SELECT title FROM tasks;

-- ANALYZE
--! raw: superuser
--! compare: none
--! expect: refused
ANALYZE tasks; SELECT 'kanarie';

-- VACUUM
--! raw: superuser
--! compare: none
--! expect: refused
VACUUM tasks;

-- COMMENT
--! raw: superuser
--! probe: SELECT obj_description('tasks'::regclass)
--! after: COMMENT ON TABLE tasks IS NULL
COMMENT ON TABLE tasks IS 'planted';

-- GRANT
--! raw: superuser
--! probe: SELECT relacl::text FROM pg_class WHERE relname = 'coupons'
--! after: REVOKE TRUNCATE ON coupons FROM PUBLIC
GRANT TRUNCATE ON coupons TO PUBLIC;

-- ALTER TABLE
--! raw: superuser
--! probe: SELECT attname FROM pg_attribute WHERE attrelid = 'comments'::regclass AND attname LIKE 'author%'
--! after: ALTER TABLE comments RENAME author2 TO author
ALTER TABLE comments RENAME author TO author2;

-- DROP TABLE
--! raw: superuser
--! probe: SELECT to_regclass('public.stamped_view')
--! after: CREATE VIEW stamped_view AS SELECT id, note, '7'::text AS tenant_id FROM secrets
DROP VIEW stamped_view;

-- REFRESH MATERIALIZED VIEW
--! raw: superuser
--! compare: none
--! expect: refused
REFRESH MATERIALIZED VIEW task_archive;

-- CREATE EXTENSION
--! raw: superuser
CREATE EXTENSION IF NOT EXISTS plpgsql; SELECT title FROM tasks;

-- CREATE PUBLICATION
--! raw: superuser
--! probe: SELECT count(*) FROM pg_publication WHERE pubname = 'spy'
--! after: DROP PUBLICATION spy
CREATE PUBLICATION spy FOR TABLE tasks;

-- EXPLAIN with ANALYZE given twice
EXPLAIN (ANALYZE off, ANALYZE on, COSTS off, TIMING off, SUMMARY off) UPDATE tasks SET points = 0;

-- EXPLAIN with a quoted option
EXPLAIN ("analyze", COSTS off, TIMING off, SUMMARY off) UPDATE tasks SET points = 0;

-- EXPLAIN with ANALYZE as a number
EXPLAIN (ANALYZE 1, COSTS off, TIMING off, SUMMARY off) UPDATE tasks SET points = 0;

-- EXPLAIN with ANALYZE as a string
EXPLAIN (ANALYZE 'true', COSTS off, TIMING off, SUMMARY off) UPDATE tasks SET points = 0;

-- EXPLAIN ANALYZE VERBOSE in the old form
EXPLAIN ANALYZE VERBOSE DELETE FROM coupons;

-- an exclusion constraint shows the row in the way
--! session: yes
--! compare: none
INSERT INTO bookings (id, tenant_id, during) VALUES (900, '7', '[88770005,88770006)');

-- an exclusion constraint shows the row in the way of an update
--! session: yes
--! compare: none
UPDATE bookings SET during = '[88770000,88770001)' WHERE id = 17;
