-- no WHERE at all
UPDATE tasks SET title = 'overwritten';

-- another tenant named outright
UPDATE tasks SET title = 'overwritten' WHERE tenant_id = '8';

-- a condition with OR
UPDATE tasks SET points = 0 WHERE id = 1 OR true;

-- an OR that would swallow a pin without parentheses
UPDATE tasks SET points = 0 WHERE false OR tenant_id IN ('8', '9');

-- a comment that would swallow a pin put behind it
UPDATE tasks SET points = 0 WHERE id > 0 -- AND

-- a row given to another tenant
UPDATE tasks SET tenant_id = '8' WHERE id = 1;

-- a row taken from another tenant
UPDATE tasks SET tenant_id = '7' WHERE tenant_id = '8' RETURNING title;

-- the tenant by parameter
--! params: ["8"]
UPDATE tasks SET tenant_id = $1 WHERE id = 1;

-- the tenant in multiple assignment
UPDATE tasks SET (points, tenant_id) = (1, '8') WHERE id = 1;

-- the tenant in multiple assignment from a subquery
UPDATE tasks SET (points, tenant_id) = (SELECT 1, '8') WHERE id = 1;

-- the tenant in row form
UPDATE tasks SET (tenant_id) = ROW ('8') WHERE id = 1;

-- the tenant quoted
UPDATE tasks SET "tenant_id" = '8' WHERE id = 1;

-- the tenant by an expression
UPDATE tasks SET tenant_id = (tenant_id::int + 1)::text WHERE id = 1;

-- the tenant of an integer column
UPDATE meters SET org = 8 WHERE id = 1;

-- the tenant by DEFAULT
--! compare: none
UPDATE accounts SET tenant_id = CASE WHEN id % 10 = 7 THEN '8' ELSE tenant_id END;

-- FROM: other tenants' rows flow in
UPDATE tasks t SET title = p.title FROM projects p WHERE p.id = t.project_id AND p.tenant_id = '8' AND t.tenant_id = '7' RETURNING t.title;

-- FROM: own rows flow out
UPDATE tasks t SET title = p.title FROM projects p WHERE p.id = t.project_id AND p.tenant_id = '7';

-- FROM the same table under another name
UPDATE tasks t SET title = o.title FROM tasks o WHERE o.id = t.id AND o.tenant_id = '8' AND t.tenant_id = '7' RETURNING t.title;

-- FROM a join
UPDATE tasks t SET points = 5 FROM projects p LEFT JOIN accounts a ON a.id = p.account_id WHERE p.id = t.project_id;

-- FROM LATERAL
UPDATE projects p SET budget = x.n FROM LATERAL (SELECT count(*) AS n FROM tasks) x WHERE p.id = 1 RETURNING p.budget;

-- a subquery in SET
UPDATE tasks SET title = (SELECT string_agg(p.title, ',' ORDER BY p.tenant_id, p.id) FROM projects p) WHERE id = 1 AND tenant_id = '7' RETURNING title;

-- a subquery in multiple assignment
UPDATE tasks SET (title, points) = (SELECT min(title COLLATE "C"), 1 FROM projects) WHERE id = 1 AND tenant_id = '7' RETURNING title;

-- a subquery in WHERE
UPDATE tasks SET points = 3 WHERE id IN (SELECT id FROM projects WHERE title LIKE 'kanarie%') AND tenant_id = '7';

-- a subquery in RETURNING
UPDATE tasks SET points = 3 WHERE id = 1 AND tenant_id = '7' RETURNING (SELECT count(*) FROM tasks);

-- RETURNING *
UPDATE tasks SET points = points RETURNING *;

-- a whole row in RETURNING
UPDATE tasks t SET points = points RETURNING t;

-- a common table expression takes the target's name
WITH tasks AS (SELECT 1 AS id) UPDATE tasks SET title = 'overwritten';

-- a common table expression that updates
WITH u AS (UPDATE tasks SET points = 0 RETURNING title) SELECT * FROM u;

-- a common table expression that updates and is not read
WITH u AS (UPDATE tasks SET points = 0) SELECT 1;

-- two updates in one statement
WITH a AS (UPDATE tasks SET points = 0 WHERE tenant_id = '8'), b AS (UPDATE projects SET budget = 0 WHERE tenant_id = '9') SELECT 1;

-- ONLY
UPDATE ONLY tasks SET points = 0;

-- the asterisk
UPDATE tasks * SET points = 0;

-- an alias
UPDATE tasks AS "t" SET points = 0 WHERE "t".tenant_id = '8';

-- an alias that takes another table's name
UPDATE tasks AS projects SET points = 0 WHERE projects.id > 0;

-- a partitioned table
UPDATE events SET weight = 0;

-- a partition
UPDATE events_2024 SET weight = 0;

-- a row moved from one partition to another
UPDATE events SET at = '2025-06-06' WHERE id = 1 AND at < '2025-01-01';

-- a parent table
UPDATE assets SET value = 0;

-- a child table
UPDATE vehicles SET wheels = 0;

-- through a view
UPDATE open_tasks SET points = 0;

-- through an undeclared view
--! compare: none
UPDATE loose_view SET points = 0;

-- a shared table
UPDATE countries SET name = 'x';

-- an undeclared table
UPDATE secrets SET note = 'x';

-- a table of another schema
UPDATE public.tasks SET points = 0 WHERE public.tasks.id = 1;

-- by physical address
UPDATE tasks SET points = 0 WHERE ctid >= '(0,0)';

-- an array element
UPDATE projects SET tags[1] = 'x';

-- lines of other tenants' invoices
UPDATE lines SET quantity = 0;

-- lines moved to another tenant's invoice
--! probe: SELECT invoice_id FROM lines WHERE id = 17
UPDATE lines SET invoice_id = 18 WHERE id = 17;

-- WHERE CURRENT OF a cursor over other tenants' rows
BEGIN; DECLARE c CURSOR FOR SELECT * FROM tasks WHERE tenant_id = '8' FOR UPDATE; FETCH c; UPDATE tasks SET points = 0 WHERE CURRENT OF c; COMMIT;

-- many statements in one text
UPDATE tasks SET points = 1 WHERE tenant_id = '7'; UPDATE tasks SET points = 0 WHERE tenant_id = '8'; SELECT 1;
