-- SQL given as text
SELECT query_to_xml('SELECT title FROM tasks', true, false, '');

-- SQL given as text, its name qualified
SELECT pg_catalog.query_to_xml('SELECT title FROM tasks', true, false, '');

-- SQL given as text, its name quoted
SELECT "query_to_xml"('SELECT title FROM tasks', true, false, '');

-- SQL given as text, its name in capitals
SELECT QUERY_TO_XML('SELECT title FROM tasks', true, false, '');

-- SQL given as text, its name by Unicode escapes
SELECT U&"query_to_xm\006C"('SELECT title FROM tasks', true, false, '');

-- SQL given as text, by named arguments
SELECT query_to_xml(query => 'SELECT title FROM tasks', nulls => true, tableforest => false, targetns => '');

-- SQL given as text in FROM
SELECT * FROM query_to_xml('SELECT title FROM tasks', true, false, '') x;

-- SQL given as text in ROWS FROM
SELECT * FROM ROWS FROM (query_to_xml('SELECT title FROM tasks', true, false, '')) x;

-- SQL given as text in LATERAL
SELECT x FROM countries c, LATERAL query_to_xml('SELECT title FROM tasks WHERE ''' || c.code || ''' = ''NL''', true, false, '') x;

-- SQL given as text in ORDER BY
SELECT code FROM countries ORDER BY query_to_xml('SELECT title FROM tasks', true, false, '')::text, code DESC LIMIT (SELECT length(query_to_xml('SELECT 1 FROM tasks', true, false, '')::text) / 4000);

-- SQL given as text in VALUES
VALUES (query_to_xml('SELECT title FROM tasks', true, false, '')::text);

-- SQL given as text in LIMIT
SELECT n FROM generate_series(1, 9999) n ORDER BY n LIMIT length(query_to_xml('SELECT title FROM tasks', true, false, '')::text);

-- SQL given as text in RETURNING
UPDATE projects SET budget = 1 WHERE id = 1 AND tenant_id = '7' RETURNING query_to_xml('SELECT title FROM tasks', true, false, '');

-- SQL given as text in SET
UPDATE tasks SET title = query_to_xml('SELECT title FROM projects', true, false, '')::text WHERE id = 1 AND tenant_id = '7' RETURNING title;

-- SQL given as text in ON CONFLICT
INSERT INTO coupons (code, tenant_id) VALUES ('7-1', '7') ON CONFLICT (code) DO UPDATE SET note = query_to_xml('SELECT title FROM tasks', true, false, '')::text RETURNING note;

-- SQL given as text with the schema
SELECT query_to_xml_and_xmlschema('SELECT title FROM tasks', true, false, '');

-- a table by name
SELECT table_to_xml('tasks', true, false, '');

-- a table by name and schema
SELECT table_to_xml_and_xmlschema('public.tasks'::regclass, true, false, '');

-- a schema by name
SELECT schema_to_xml('public', true, false, '');

-- the database
SELECT database_to_xml(true, false, '');

-- a cursor by name
BEGIN; DECLARE c CURSOR FOR SELECT title FROM tasks; SELECT cursor_to_xml('c', 100, true, false, ''); COMMIT;

-- statistics of a query given as text
SELECT * FROM ts_stat('SELECT to_tsvector(''simple'', title) FROM tasks');

-- a rewrite with a query given as text
SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, to_tsquery(''simple'', title) FROM tasks WHERE id = 1 AND tenant_id = ''8''');

-- a server's file
--! raw: superuser
--! expect: refused
SELECT length(pg_read_file('PG_VERSION'));

-- a server's directory
--! raw: superuser
--! expect: refused
SELECT count(*) > 0 FROM pg_ls_dir('.');

-- a large object
SELECT convert_from(lo_get(4242), 'UTF8');

-- a large object opened
BEGIN; SELECT convert_from(loread(lo_open(4242, 262144), 100), 'UTF8'); COMMIT;

-- a large object written
--! probe: SELECT convert_from(lo_get(4242), 'UTF8')
--! after: SELECT lo_put(4242, 0, 'kanarie')
SELECT lo_put(4242, 0, 'defaced');

-- a large object made
--! probe: SELECT count(*) FROM pg_largeobject_metadata
SELECT lo_create(0) > 0;

-- a role by function
--! raw: superuser
--! expect: refused
SELECT set_config('role', 'postgres', false), count(*) FROM tasks;

-- the row security setting by function
--! raw: superuser
--! expect: refused
SELECT set_config('row_security', 'off', false), count(*) FROM tasks;

-- a sequence set back
--! after: ALTER SEQUENCE ticket RESTART
--! probe: SELECT last_value FROM ticket
SELECT setval('ticket', 4000);

-- statistics of a relation
SELECT pg_relation_size('tasks') > 0, pg_relation_size('task_archive') IS NULL, (SELECT count(*) FROM tasks);

-- the number of rows written by all
SELECT pg_stat_get_live_tuples('tasks'::regclass) IS NULL, (SELECT count(*) FROM tasks);

-- other sessions
--! compare: none
--! expect: refused
SELECT pg_stat_get_activity(NULL);

-- another session ended
--! raw: superuser
--! expect: refused
SELECT pg_terminate_backend(0), count(*) FROM tasks;

-- another session's query cancelled
--! raw: superuser
--! expect: refused
SELECT pg_cancel_backend(0), count(*) FROM tasks;

-- the configuration reloaded
--! raw: superuser
--! expect: refused
SELECT pg_reload_conf(), count(*) FROM tasks;

-- the file behind a table
SELECT pg_relation_filepath('tasks') IS NOT NULL, count(*) FROM tasks;

-- a function passed by OID
SELECT has_function_privilege('every_title()', 'EXECUTE'), count(*) FROM tasks;

-- a snapshot exported
--! compare: none
--! expect: refused
SELECT pg_export_snapshot() IS NOT NULL, count(*) FROM tasks;

-- a transaction's counter
--! expect: refused
SELECT pg_current_xact_id() IS NOT NULL, count(*) FROM tasks;

-- a user's function that reads everything
SELECT * FROM every_title();

-- a user's function that takes the tenant
SELECT titles_of('8');

-- a user's function by its schema
SELECT public.titles_of('8');

-- a user's function of a built-in's name
SELECT reverse(1);

-- a user's function of a built-in's name, with a column
SELECT reverse(id) FROM tasks WHERE tenant_id = '7' AND id = 1;

-- a user's function over a whole row
SELECT peek(t) FROM tasks t WHERE id = 1 AND tenant_id = '7';

-- a user's function in FROM
SELECT * FROM countries, titles_of('8');

-- a user's function in a filter, cheaper than the pin
SELECT id FROM tasks WHERE telling(title);

-- a user's operator
SELECT id FROM tasks WHERE title <~~> 'kanarie8x1';

-- a user's operator with code behind it
SELECT id FROM tasks WHERE title === 'x';

-- a user's operator by its schema
SELECT id FROM tasks WHERE title OPERATOR(public.===) 'x';

-- a user's aggregate
SELECT gather(code) FROM countries;

-- a user's aggregate as a window
SELECT gather(code) OVER () FROM countries;

-- a user's cast
SELECT 'x'::text::sight;

-- a user's cast by CAST
SELECT CAST('x'::text AS public.sight);

-- a procedure
CALL wipe();

-- an anonymous block
DO $$ BEGIN UPDATE public.tasks SET points = 0; END $$;

-- an anonymous block that tells
DO $$ DECLARE r record; BEGIN FOR r IN SELECT title FROM public.tasks LOOP RAISE NOTICE '%', r.title; END LOOP; END $$;

-- a function of one's own
--! raw: superuser
CREATE FUNCTION mine() RETURNS SETOF text LANGUAGE sql AS 'SELECT title FROM tasks'; SELECT * FROM mine(); DROP FUNCTION mine();

-- a temporary function of one's own
CREATE FUNCTION pg_temp.mine() RETURNS SETOF text LANGUAGE sql AS 'SELECT title FROM tasks'; SELECT * FROM pg_temp.mine();

-- a temporary view of one's own
CREATE TEMPORARY VIEW mine AS SELECT title FROM tasks; SELECT * FROM mine;
