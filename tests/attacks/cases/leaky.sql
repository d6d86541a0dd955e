-- a cast to integer
SELECT id FROM tasks WHERE code::int > 100;

-- CAST
SELECT id FROM tasks WHERE CAST(code AS numeric) > 100;

-- a cast in functional notation
SELECT id FROM tasks WHERE int4(code::jsonb) > 100;

-- to_number
SELECT id FROM tasks WHERE to_number(code, '99') > 100;

-- to_date
SELECT id FROM tasks WHERE to_date(code, 'D') IS NULL;

-- to_timestamp
SELECT id FROM tasks WHERE to_timestamp(code, 'D') IS NULL;

-- a cast to date
SELECT id FROM tasks WHERE ('2024-01-0' || replace(code, '0', '1'))::date IS NULL;

-- a cast to regclass
SELECT id FROM tasks WHERE (CASE WHEN title LIKE 'task%' THEN 'tasks' ELSE title END)::regclass IS NULL;

-- a cast to uuid
SELECT id FROM tasks WHERE lpad(code, 32, '0')::uuid IS NULL;

-- a cast to json
SELECT id FROM tasks WHERE code::json IS NULL;

-- a cast to inet
SELECT id FROM tasks WHERE ('10.0.0.' || code)::inet IS NULL;

-- a cast to an enum
SELECT id FROM accounts WHERE (CASE WHEN name LIKE 'account%' THEN 'free' ELSE name END)::plan = 'team';

-- a cast to a domain
SELECT id FROM accounts WHERE (CASE WHEN name LIKE 'account%' THEN 'a@b' ELSE name END)::email IS NULL;

-- a cast to boolean
SELECT id FROM tasks WHERE (CASE WHEN length(code) = 1 THEN 'on' ELSE code END)::boolean IS NULL;

-- a cast to an interval
SELECT id FROM tasks WHERE (code || ' days')::interval IS NULL;

-- a cast to an array
SELECT id FROM tasks WHERE ('{' || code || '}')::int[] IS NULL;

-- a cast of an array column
SELECT id FROM tasks WHERE codes::int[] IS NULL;

-- a cast of a subscripted column
SELECT id FROM tasks WHERE codes[1]::int > 100;

-- a cast of a json field
SELECT id FROM tasks WHERE (doc->>'v')::int > 100;

-- a cast of jsonb to a number
SELECT id FROM tasks WHERE (doc->'w')::int > 100 OR (doc->'v')::text::jsonb::text::varchar::char(3)::text::bytea IS NULL OR (doc->>'v')::smallint > 9;

-- jsonb to boolean
SELECT id FROM tasks WHERE (CASE WHEN doc->>'v' ~ '^[0-9]$' THEN 'true'::jsonb ELSE doc->'v' END)::boolean IS NULL;

-- a path with an item method
SELECT id FROM tasks WHERE jsonb_path_exists(doc, '$.v.double()');

-- parse_ident
SELECT id FROM tasks WHERE parse_ident(CASE WHEN tenant_id = '7' THEN 'a' ELSE code || ' !' END) IS NULL;

-- decode
SELECT id FROM tasks WHERE decode(lpad(code, 20, '0'), 'hex') IS NULL;

-- xmlparse
SELECT id FROM tasks WHERE xmlparse(document '<a>' || code || CASE WHEN tenant_id = '7' THEN '</a>' ELSE '' END) IS NULL;

-- has_table_privilege
SELECT id FROM tasks WHERE has_table_privilege(CASE WHEN tenant_id = '7' THEN 'tasks' ELSE title END, 'SELECT') IS NULL;

-- has_column_privilege
SELECT id FROM tasks WHERE has_column_privilege('tasks', CASE WHEN tenant_id = '7' THEN 'id' ELSE title END, 'SELECT') IS NULL;

-- numeric to float overflow
SELECT id FROM tasks WHERE amount::float8 < 0;

-- numeric to integer overflow
SELECT id FROM tasks WHERE amount::int > 1000000;

-- format
SELECT id FROM tasks WHERE format(CASE WHEN tenant_id = '7' THEN '%s' ELSE '%' || code END, 1) = 'x';

-- a regular expression that is wrong for the other's pattern
SELECT id FROM tasks WHERE 'x' ~ (CASE WHEN tenant_id = '7' THEN 'y' ELSE code || '(' END);

-- to_tsquery
SELECT id FROM tasks WHERE to_tsquery('simple', CASE WHEN tenant_id = '7' THEN 'a' ELSE code || ' &' END) IS NULL;

-- a text search query by cast
SELECT id FROM tasks WHERE (CASE WHEN tenant_id = '7' THEN 'a' ELSE code || ' & (' END)::tsquery IS NULL;

-- make_date
SELECT id FROM tasks WHERE make_date(2000 + coalesce(points, 0), 1, 1) IS NULL;

-- an interval multiplied
SELECT id FROM tasks WHERE interval '10 years' * coalesce(points, 1) IS NULL;

-- integer overflow
SELECT id FROM tasks WHERE points * 100 < 0;

-- a time zone by name
SELECT id FROM tasks WHERE due::timestamp AT TIME ZONE (CASE WHEN tenant_id = '7' THEN 'UTC' ELSE 'No/' || code || '/!!' END) IS NULL;

-- date_trunc
SELECT id FROM tasks WHERE date_trunc(CASE WHEN tenant_id = '7' THEN 'day' ELSE code END, due::timestamp) IS NULL;

-- extract by name
SELECT id FROM tasks WHERE date_part(CASE WHEN tenant_id = '7' THEN 'day' ELSE code END, due) < 0;

-- a cast of the whole row
SELECT hits FROM coupons c WHERE c::text::int > 0 AND code LIKE '8%';

-- in the join's condition
SELECT t.id FROM tasks t JOIN countries c ON t.code::int > 100;

-- in an outer join's condition
SELECT t.id FROM countries c LEFT JOIN tasks t ON t.code::int = length(c.code) + 100 WHERE t.id IS NOT NULL;

-- in EXISTS
SELECT code FROM countries c WHERE EXISTS (SELECT FROM tasks t WHERE t.code::int = length(c.name) + 100);

-- in NOT EXISTS
SELECT code FROM countries c WHERE NOT EXISTS (SELECT FROM tasks t WHERE t.code::int > 100);

-- in IN's subquery
SELECT code FROM countries WHERE length(code) IN (SELECT t.code::int + 100 FROM tasks t);

-- in HAVING
SELECT project_id FROM tasks GROUP BY project_id, code HAVING code::int > 100;

-- in HAVING, over a grouped column only
SELECT code FROM tasks GROUP BY code HAVING code::int > 100;

-- above DISTINCT
SELECT * FROM (SELECT DISTINCT code FROM tasks) x WHERE code::int > 100;

-- above UNION
SELECT * FROM (SELECT code FROM tasks UNION SELECT code FROM tasks) x WHERE code::int > 100;

-- above UNION ALL
SELECT * FROM (SELECT code FROM tasks UNION ALL SELECT '1') x WHERE code::int > 100;

-- above INTERSECT
SELECT * FROM (SELECT code FROM tasks INTERSECT SELECT code FROM tasks) x WHERE code::int > 100;

-- above a window's partition
SELECT * FROM (SELECT code, count(*) OVER (PARTITION BY code) AS n FROM tasks) x WHERE code::int > 100;

-- above a grouped subquery
SELECT * FROM (SELECT code, count(*) FROM tasks GROUP BY code) x WHERE code::int > 100;

-- above an inlined common table expression
WITH x AS (SELECT * FROM tasks) SELECT id FROM x WHERE code::int > 100;

-- above a materialized common table expression
WITH x AS MATERIALIZED (SELECT * FROM tasks) SELECT id FROM x WHERE code::int > 100;

-- in a LATERAL subquery
SELECT x.id FROM countries c, LATERAL (SELECT t.id FROM tasks t WHERE t.code::int = length(c.name) + 100) x;

-- through an equivalence class: the other side's cast
SELECT t.id FROM tasks t JOIN (SELECT 100 AS n) x ON t.code::int = x.n;

-- in a CASE
SELECT id FROM tasks WHERE CASE WHEN id > 0 THEN code::int > 100 ELSE false END;

-- in COALESCE
SELECT id FROM tasks WHERE coalesce(code::int, 0) > 100;

-- in a FILTER
SELECT count(*) FILTER (WHERE code::int > 100) FROM tasks;

-- in a row comparison
SELECT id FROM tasks WHERE (code::int, 1) > (100, 1);

-- in an IN list
SELECT id FROM tasks WHERE 100 IN (code::int, 200);

-- in BETWEEN
SELECT id FROM tasks WHERE code::int BETWEEN 100 AND 200;

-- in the select list
SELECT code::int FROM tasks;

-- in an aggregate
SELECT sum(code::int) FROM tasks;

-- in ORDER BY
SELECT id FROM tasks ORDER BY code::int, id LIMIT 1;

-- in GROUP BY
SELECT count(*) FROM tasks GROUP BY code::int ORDER BY 1;

-- in DISTINCT ON
SELECT DISTINCT ON (code::int) code FROM tasks ORDER BY code::int;

-- in a window's frame
SELECT id, count(*) OVER (PARTITION BY code::int ORDER BY id) FROM tasks WHERE id < 3 ORDER BY id;

-- in UPDATE's WHERE
UPDATE tasks SET done = true WHERE code::int > 100;

-- in UPDATE's SET
UPDATE tasks SET points = code::int WHERE id = 1;

-- in UPDATE ... FROM
UPDATE projects p SET budget = 1 FROM tasks t WHERE t.code::int = p.id + 100;

-- in UPDATE's RETURNING
UPDATE tasks SET done = true WHERE id = 1 RETURNING code::int;

-- in DELETE's WHERE
DELETE FROM tasks WHERE code::int > 100;

-- in DELETE ... USING
DELETE FROM projects p USING tasks t WHERE t.code::int = p.id + 100;

-- in INSERT ... SELECT
INSERT INTO comments (id, tenant_id, body) SELECT 900 + id, '7', code FROM tasks WHERE code::int > 100;

-- an insert's assignment cast
INSERT INTO coupons (code, tenant_id, hits) SELECT 'q' || id, '7', code::int FROM tasks WHERE id = 2;

-- on a table with an index on the tenant
SELECT id FROM accounts WHERE code::int > 100;

-- on a table with a primary key that begins with the tenant
SELECT id FROM projects WHERE (CASE WHEN title LIKE 'project%' THEN '1' ELSE title END)::int > 100;

-- on a partitioned table
SELECT id FROM events WHERE replace(payload->>'by', 'p', '')::int > 100;

-- on a child by inheritance
SELECT id FROM assets WHERE replace(name, 'asset ', '')::int > 100;

-- on an integer tenant column
SELECT id FROM meters WHERE replace(label, 'meter ', '')::int > 100;

-- on a view
SELECT id FROM open_tasks WHERE replace(title, 'task ', '')::int > 100;

-- on a materialized view
SELECT id FROM task_archive WHERE replace(title, 'task ', '')::int > 100;

-- on a child without the column
SELECT id FROM lines WHERE replace(label, 'line ', '')::int > 100;

-- on a child without the column, in DELETE
DELETE FROM lines WHERE replace(label, 'line ', '')::int > 100;

-- with the tenant's own condition in front
SELECT id FROM tasks WHERE tenant_id = '7' AND code::int > 100 OR code::int > 1000;

-- with an index scan on another condition
SELECT id FROM comments WHERE id BETWEEN 11 AND 60 AND (CASE WHEN body LIKE 'kanarie%' THEN body ELSE '1' END)::int > 100;

-- with a parameter
--! params: ["100"]
SELECT id FROM tasks WHERE code::int > $1::int;

-- through a prepared statement's generic plan
PREPARE p (int) AS SELECT id FROM tasks WHERE code::int > $1; EXECUTE p (100);

-- through a cursor
BEGIN; DECLARE c CURSOR FOR SELECT id FROM tasks WHERE code::int > 100; FETCH ALL FROM c; COMMIT;

-- a domain's check at assignment
UPDATE accounts SET mail = name WHERE name LIKE 'kanarie%';

-- a not-null violation shows the row
UPDATE tasks SET title = NULL WHERE tenant_id = '8';

-- a check violation shows the row
INSERT INTO events_2025 (tenant_id, id, at, kind) SELECT '7', 900, '2024-01-01', kind FROM events WHERE kind LIKE 'kanarie%' LIMIT 1;

-- a unique violation shows the key
UPDATE coupons SET code = '8-1' WHERE code = '8-2';

-- an output that a subquery hands up to a filter
SELECT q.id FROM (SELECT id, code::int AS n FROM tasks) q WHERE n > 100;

-- an output without a name, which the server calls like a column of the outer query
SELECT (SELECT count(*) FROM (SELECT code::int FROM tasks) q WHERE code > '100') FROM accounts;

-- an output that a join by name compares
SELECT q.id FROM (SELECT code::int AS points, id FROM tasks) q JOIN tasks USING (points);

-- the greatest value among rows that a cast picks
SELECT id FROM tasks WHERE points = (SELECT max(t.points) FROM tasks t WHERE t.code::int > 100);

-- the greatest value of a cast
SELECT id FROM tasks WHERE points = (SELECT max(q.n) FROM (SELECT code::int AS n FROM tasks) q);
