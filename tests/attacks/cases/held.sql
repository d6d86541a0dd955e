-- a temporary table like a tenant's table, filled from it
CREATE TEMP TABLE loot (LIKE tasks); INSERT INTO loot SELECT * FROM tasks; SELECT title FROM loot;

-- a temporary table that hides the tenant's, filled by its schema's name
CREATE TEMP TABLE tasks AS SELECT * FROM public.tasks; SELECT title FROM tasks;

-- a temporary table filled through a WITH query
CREATE TEMP TABLE loot AS WITH all_of AS (SELECT * FROM tasks) SELECT title FROM all_of; TABLE loot;

-- a temporary table filled behind a filter that fails
CREATE TEMP TABLE loot AS SELECT id FROM tasks WHERE code::int > 100;

-- a temporary table filled by what an update returns
CREATE TEMP TABLE loot (t text); WITH u AS (UPDATE tasks SET points = points RETURNING title) INSERT INTO loot SELECT t.title FROM u t; SELECT * FROM loot;

-- a check of a temporary table that fails on a row
CREATE TEMP TABLE loot (t text CHECK (t::int > 0)); INSERT INTO loot SELECT code FROM tasks WHERE tenant_id <> '7';

-- rows deleted by way of a temporary table
CREATE TEMP TABLE victims (id int); INSERT INTO victims SELECT id FROM tasks; DELETE FROM tasks USING victims WHERE tasks.id = victims.id;

-- rows merged from a temporary table
--! since: 15
CREATE TEMP TABLE victims AS SELECT DISTINCT id FROM tasks; MERGE INTO tasks USING victims v ON tasks.id = v.id WHEN MATCHED THEN UPDATE SET points = 0;

-- a temporary table copied out
CREATE TEMP TABLE loot AS SELECT title FROM tasks; COPY loot TO STDOUT;

-- a prepared update
PREPARE p AS UPDATE tasks SET points = 0; EXECUTE p;

-- a prepared statement with a filter that fails
PREPARE p AS SELECT id FROM tasks WHERE code::int > 100; EXECUTE p;

-- a prepared filter that fails for its parameter's type
PREPARE p (numeric) AS SELECT id FROM tasks WHERE code::numeric > $1; EXECUTE p (1);

-- a temporary table made by a prepared statement
PREPARE p AS SELECT title FROM tasks; CREATE TEMP TABLE loot AS EXECUTE p; SELECT * FROM loot;

-- a prepared insertion that says whose row it is
--! compare: none
PREPARE p AS INSERT INTO tasks (id, title, tenant_id) VALUES (900, 'planted', '8'); EXECUTE p;

-- a cursor WITH HOLD that is read behind its transaction
BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT title FROM tasks; COMMIT; FETCH ALL FROM c;

-- the row that a cursor is at, deleted
BEGIN; DECLARE c CURSOR FOR SELECT * FROM tasks WHERE tenant_id = '8'; FETCH c; DELETE FROM tasks WHERE CURRENT OF c; COMMIT;

-- the row that a cursor is at, in the terms of a join
BEGIN; DECLARE c CURSOR FOR SELECT t.* FROM tasks t WHERE t.tenant_id <> '7' FOR UPDATE; FETCH c; UPDATE tasks SET title = 'mine' WHERE CURRENT OF c RETURNING title; COMMIT;

-- a type that a temporary table takes the name of
--! session: yes
--! compare: none
CREATE TEMP TABLE "text" (a int, b int); SELECT id FROM tasks WHERE tenant_id <> '7' AND title::"text" IS NULL;
