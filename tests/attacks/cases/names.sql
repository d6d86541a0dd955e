-- a common table expression reads the table whose name it takes
WITH tasks AS (SELECT * FROM tasks) SELECT title FROM tasks;

-- the same, read twice and joined with the table by its schema
WITH tasks AS (SELECT * FROM tasks) SELECT a.title, b.title FROM tasks a JOIN public.tasks b ON a.id = b.id;

-- a common table expression hides a table, its schema unhides it
WITH tasks AS (SELECT 1 AS id) SELECT p.title FROM public.tasks p;

-- hidden inside, seen outside
SELECT title FROM tasks WHERE id IN (WITH tasks AS (SELECT 1 AS id) SELECT id FROM tasks);

-- hidden outside, redefined inside from the hidden name
WITH tasks AS (SELECT 1 AS id, 'mine'::text AS title) SELECT * FROM (WITH projects AS (SELECT title FROM projects) SELECT * FROM projects) x;

-- an earlier expression reads the real table, the later one hides it
WITH a AS (SELECT title FROM tasks), tasks AS (SELECT 'hidden'::text AS title) SELECT title FROM a UNION ALL SELECT title FROM tasks;

-- RECURSIVE on a list whose member is not recursive
WITH RECURSIVE a AS (SELECT title FROM tasks), b AS (SELECT title FROM a) SELECT * FROM b;

-- RECURSIVE makes the name its own, the schema still reaches the table
WITH RECURSIVE tasks AS (SELECT id, title FROM public.tasks WHERE id = 1 UNION SELECT t.id, t.title FROM public.tasks t JOIN tasks r ON t.id = r.id + 1 AND t.id < 3) SELECT * FROM tasks;

-- a name hidden in one arm of a set operation only
(WITH tasks AS (SELECT 'x'::text AS title) SELECT title FROM tasks) UNION ALL SELECT title FROM tasks;

-- a name hidden in a subquery's list, the outer query reads the table after it
SELECT x.n, tasks.title FROM (WITH tasks AS (SELECT 1 AS n) SELECT n FROM tasks) x, tasks;

-- an alias equals a table's name
SELECT projects.title FROM tasks AS projects;

-- aliases exchanged
SELECT tasks.name, accounts.title FROM accounts AS tasks, tasks AS accounts WHERE accounts.id = 1;

-- quoted name
SELECT "title" FROM "tasks";

-- Unicode escapes in the name
SELECT title FROM U&"t\0061sks";

-- Unicode escapes with an escape character of one's own
SELECT title FROM U&"t!0061sks" UESCAPE '!';

-- upper case folds
SELECT TITLE FROM TASKS;

-- schema and name quoted
SELECT "public"."tasks"."title" FROM "public"."tasks";

-- database, schema and name
SELECT title FROM public . tasks;

-- comment between schema and name
SELECT title FROM public/* a */./* b */tasks;

-- line comment before the name
SELECT title FROM -- WHERE tenant_id = '7'
  tasks;

-- nested comment
SELECT title FROM /* /* */ countries -- */ tasks;

-- a comment that pretends to be the pin
SELECT title FROM tasks /* JOIN (SELECT) AS _tg1 ON tasks.tenant_id OPERATOR(pg_catalog.=) '7' */;

-- an alias as the gateway might write it
SELECT _tg1.title FROM tasks AS _tg1;

-- a guard of one's own that is void
SELECT title FROM tasks JOIN (SELECT) AS _tg1 ON true;

-- a guard of one's own for another tenant
SELECT title FROM (public.tasks JOIN (SELECT) AS _tg1 ON tasks.tenant_id OPERATOR(pg_catalog.=) '8');

-- ONLY
SELECT title FROM ONLY tasks;

-- ONLY with parentheses
SELECT title FROM ONLY (tasks);

-- the asterisk after the name
SELECT title FROM tasks *;

-- the asterisk, an alias and columns
SELECT b FROM tasks * AS t (a, c, b);

-- SELECT without a list
SELECT FROM tasks;

-- a temporary table takes the name
CREATE TEMPORARY TABLE tasks AS SELECT * FROM public.tasks; SELECT * FROM tasks;

-- pg_temp names a table of one's own only
SELECT * INTO TEMPORARY stolen FROM tasks; SELECT title FROM pg_temp.stolen;

-- a long name is truncated as the server does
SELECT title AS aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa FROM tasks;

-- a common table expression whose quoted name is an injection
WITH "x AS (SELECT 1) SELECT title FROM tasks --" AS (SELECT title FROM tasks) SELECT * FROM "x AS (SELECT 1) SELECT title FROM tasks --";

-- a quoted alias that is an injection
SELECT "a"" FROM countries; SELECT title FROM tasks; --".title FROM tasks AS "a"" FROM countries; SELECT title FROM tasks; --";

-- search path by SET
SET search_path TO pristine, public; SELECT count(*) FROM tasks;

-- another schema
SELECT title FROM pristine.tasks;

-- a tab, a form feed and no space at all
SELECT"title"FROM	tasks"t"WHERE"t"."id"=1;
