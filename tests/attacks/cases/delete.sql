-- no WHERE at all
DELETE FROM tasks;

-- another tenant named outright
DELETE FROM tasks WHERE tenant_id = '8';

-- what RETURNING shows
DELETE FROM tasks WHERE id = 1 RETURNING *;

-- a condition with OR
DELETE FROM tasks WHERE false OR true;

-- USING: other tenants' rows decide
DELETE FROM tasks t USING projects p WHERE p.id = t.project_id AND t.tenant_id = '7' AND p.title LIKE 'kanarie%';

-- USING: other tenants' rows are shown
DELETE FROM tasks t USING projects p WHERE p.id = t.project_id AND t.tenant_id = '7' RETURNING p.title;

-- USING the same table under another name
DELETE FROM tasks t USING tasks o WHERE o.id = t.id AND o.tenant_id = '8' RETURNING o.title;

-- a subquery in WHERE
DELETE FROM tasks WHERE id < (SELECT count(*) FROM tasks) / 2 AND tenant_id = '7';

-- EXISTS in WHERE
DELETE FROM coupons WHERE tenant_id = '7' AND EXISTS (SELECT FROM coupons x WHERE x.note LIKE 'kanarie%');

-- a subquery in RETURNING
DELETE FROM tasks WHERE id = 1 AND tenant_id = '7' RETURNING (SELECT string_agg(title, ',' ORDER BY id, tenant_id) FROM projects);

-- a common table expression that deletes
WITH d AS (DELETE FROM tasks RETURNING title) SELECT * FROM d;

-- a common table expression that deletes and is not read
WITH d AS (DELETE FROM comments) SELECT 1;

-- a common table expression takes the target's name
WITH tasks AS (SELECT 1) DELETE FROM tasks;

-- ONLY
DELETE FROM ONLY tasks;

-- a partitioned table
DELETE FROM events;

-- a partition
DELETE FROM events_rest;

-- a parent table
DELETE FROM assets;

-- a child table
DELETE FROM vehicles WHERE wheels = 4;

-- through a view
DELETE FROM open_tasks;

-- an alias
DELETE FROM tasks AS "select" WHERE "select".points > 88770000;

-- an integer tenant column
DELETE FROM meters WHERE org = 8;

-- a parent whose children other tenants have
DELETE FROM lines WHERE invoice_id = 18;

-- a shared table
DELETE FROM countries;

-- an undeclared table
DELETE FROM secrets;

-- a row found by the text of the whole row
DELETE FROM tasks t WHERE t::text LIKE '%kanarie%';

-- TRUNCATE
--! raw: superuser
TRUNCATE coupons;

-- MERGE deletes what it matches
MERGE INTO tasks t USING countries c ON t.id > 0 AND c.code = 'NL' WHEN MATCHED THEN DELETE;

-- MERGE inserts for another tenant
MERGE INTO tasks t USING (SELECT 500 AS id) s ON t.id = s.id WHEN NOT MATCHED THEN INSERT (id, title, tenant_id) VALUES (s.id, 'planted', '8');
