-- passwords
--! raw: superuser
--! compare: none
--! expect: refused
SELECT rolname, rolpassword, 'kanarie' FROM pg_authid LIMIT 1;

-- passwords through the view
--! raw: superuser
--! compare: none
--! expect: refused
SELECT usename, passwd, 'kanarie' FROM pg_shadow LIMIT 1;

-- most common values of a column
--! compare: none
SELECT tablename, attname, most_common_vals::text, histogram_bounds::text FROM pg_stats WHERE schemaname = 'public';

-- most common values, unqualified name hidden by nothing
--! raw: superuser
SELECT stavalues1::text FROM pg_statistic WHERE starelid = 'public.projects'::regclass;

-- statements of other sessions
--! raw: superuser
--! compare: none
SELECT 'kanarie: ' || count(*) FROM pg_stat_activity WHERE datname = current_database() HAVING count(*) > 0;

-- locks of other sessions
--! compare: none
SELECT 'kanarie: ' || count(*) FROM pg_locks HAVING count(*) > 0;

-- large objects
--! raw: superuser
SELECT convert_from(data, 'UTF8') FROM pg_largeobject;

-- row counts of tables
--! accepted: pg_class is shown as it is, the planner's totals included
SELECT relname, reltuples > 30 FROM pg_class WHERE relname IN ('tasks', 'projects', 'accounts') ORDER BY 1;

-- counters of tables
--! compare: none
SELECT 'kanarie: ' || count(*) FROM pg_stat_user_tables HAVING count(*) > 0;

-- counters of indexes
--! compare: none
SELECT 'kanarie: ' || count(*) FROM pg_stat_all_indexes HAVING count(*) > 0;

-- block counters
--! compare: none
SELECT 'kanarie: ' || count(*) FROM pg_statio_user_tables HAVING count(*) > 0;

-- prepared statements of a pooled server connection
--! compare: none
PREPARE kanarie AS SELECT 1; SELECT name FROM pg_prepared_statements;

-- the host-based authentication file
--! raw: superuser
--! compare: none
--! expect: refused
SELECT 'kanarie', type FROM pg_hba_file_rules LIMIT 1;

-- the configuration files
--! raw: superuser
--! compare: none
--! expect: refused
SELECT 'kanarie', name FROM pg_file_settings LIMIT 1;

-- who else connects
--! compare: none
SELECT 'kanarie: ' || count(*) FROM pg_stat_database HAVING count(*) > 0;

-- statements by catalog of another name
--! raw: superuser
--! compare: none
--! expect: refused
SELECT 'kanarie', rolpassword FROM pg_catalog."pg_authid" LIMIT 1;

-- a catalog written
--! raw: superuser
--! probe: SELECT count(*) FROM pg_description WHERE description = 'planted'
--! after: DELETE FROM pg_description WHERE description = 'planted'
INSERT INTO pg_description SELECT 'tasks'::regclass, 'pg_class'::regclass, 0, 'planted';

-- a catalog locked
--! raw: superuser
--! probe: SELECT relacl::text FROM pg_class WHERE relname = 'secrets'
--! after: GRANT SELECT, INSERT, UPDATE, DELETE ON secrets TO PUBLIC
UPDATE pg_class SET relacl = NULL WHERE relname = 'secrets';
