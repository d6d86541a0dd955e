-- a row for another tenant by literal
INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'planted', '8');

-- a row for another tenant without a column list
INSERT INTO coupons VALUES ('planted', '8', 1, 'x');

-- a row for another tenant by parameter
--! params: ["8"]
INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'planted', $1);

-- the second of several rows
INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'a', '7'), (501, 'b', '8');

-- the second of several rows by parameter
--! params: ["7", "8"]
INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'a', $1), (501, 'b', $2);

-- the tenant as an expression
INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'planted', '8' || '');

-- the tenant as a cast
INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'planted', 8::text);

-- the tenant as a CASE that begins with one's own
INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'planted', CASE WHEN true THEN '8' ELSE '7' END);

-- the tenant as a subquery
INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'planted', (SELECT '8'));

-- the tenant as a dollar-quoted string
INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'planted', $$8$$);

-- the tenant as an escape string
INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'planted', E'\x38');

-- the tenant as a Unicode string
INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'planted', U&'\0038');

-- the tenant's name padded
INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'planted', '7 ');

-- the column quoted
INSERT INTO tasks (id, title, "tenant_id") VALUES (500, 'planted', '8');

-- the column by Unicode escapes
INSERT INTO tasks (id, title, U&"ten\0061nt_id") VALUES (500, 'planted', '8');

-- INSERT ... SELECT with a literal of another tenant
INSERT INTO tasks (id, title, tenant_id) SELECT 500, 'planted', '8';

-- INSERT ... SELECT that copies other tenants' rows
INSERT INTO tasks (id, title, tenant_id) SELECT id + 500, title, '7' FROM tasks RETURNING title;

-- INSERT ... SELECT that copies rows to other tenants
INSERT INTO tasks (id, title, tenant_id) SELECT id + 500, title, tenant_id FROM tasks;

-- INSERT ... SELECT from a subquery that renames a column to the tenant's name
INSERT INTO tasks (id, title, tenant_id) SELECT id, title, tenant_id FROM (SELECT 500 AS id, 'planted' AS title, '8' AS tenant_id) x;

-- INSERT ... SELECT *
INSERT INTO coupons SELECT 'x' || code, tenant_id, hits, note FROM coupons;

-- INSERT ... TABLE
INSERT INTO assets TABLE ONLY assets;

-- INSERT ... SELECT with UNION, the second arm another tenant's
INSERT INTO tasks (id, title, tenant_id) SELECT 500, 'a', '7' UNION ALL SELECT 501, 'b', '8';

-- INSERT ... VALUES in FROM
INSERT INTO tasks (id, title, tenant_id) SELECT * FROM (VALUES (500, 'planted', '8')) v;

-- INSERT with a common table expression
WITH v AS (SELECT 500 AS id, 'planted' AS title, '8' AS tenant_id) INSERT INTO tasks (id, title, tenant_id) SELECT * FROM v;

-- a data-modifying common table expression
WITH i AS (INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'planted', '8') RETURNING id) SELECT * FROM i;

-- a common table expression that nobody reads
WITH i AS (INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'planted', '8')) SELECT 1;

-- a data-modifying common table expression under another statement
WITH d AS (DELETE FROM tasks WHERE tenant_id = '8' RETURNING id, title) INSERT INTO comments (id, tenant_id, task_id, body) SELECT 500 + id, '7', id, title FROM d RETURNING body;

-- a subquery in VALUES
INSERT INTO tasks (id, title, tenant_id) VALUES (500, (SELECT string_agg(title, ',' ORDER BY id, tenant_id) FROM tasks), '7') RETURNING title;

-- a subquery in RETURNING
INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'mine', '7') RETURNING (SELECT count(*) FROM tasks), (SELECT min(title COLLATE "C") FROM projects);

-- EXISTS in RETURNING
INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'mine', '7') RETURNING EXISTS (SELECT FROM tasks WHERE title LIKE 'kanarie%');

-- a row for another tenant under an integer column
INSERT INTO meters (id, org, label) VALUES (500, 8, 'planted');

-- a row for another tenant under an integer column, as a negated number
INSERT INTO meters (id, org, label) VALUES (500, - -8, 'planted');

-- a row for another tenant into a partition
INSERT INTO events_2024 (tenant_id, id, at) VALUES ('8', 500, '2024-05-05');

-- a row for another tenant into a partitioned table
INSERT INTO events (tenant_id, id, at) VALUES ('8', 500, '2025-05-05');

-- a row for another tenant into a child table
INSERT INTO vehicles (id, tenant_id, name) VALUES (500, '8', 'planted');

-- a row for another tenant through a view
INSERT INTO open_tasks (id, tenant_id, title) VALUES (500, '8', 'planted');

-- OVERRIDING is no way round
INSERT INTO tasks (id, title, tenant_id) OVERRIDING USER VALUE VALUES (500, 'planted', '8');

-- a line of another tenant's invoice
--! compare: none
INSERT INTO lines (id, invoice_id, label) VALUES (500, 18, 'kanarie planted');

-- a row into a shared table
--! compare: none
INSERT INTO countries VALUES ('XX', 'Nowhere');

-- a row into an undeclared table
INSERT INTO secrets VALUES (500, 'kanarie planted');

-- the row is written, then shown with a denied function
INSERT INTO tasks (id, title, tenant_id) VALUES (500, 'mine', '7') RETURNING titles_of('8');

-- an alias on the target
INSERT INTO tasks AS t (id, title, tenant_id) VALUES (500, 'planted', '8') RETURNING t.title;

-- the column named twice
INSERT INTO tasks (id, title, tenant_id) SELECT 500, 'planted', x.t FROM (VALUES ('7'), ('8')) x (t);

-- a set-returning function in VALUES's place
INSERT INTO tasks (id, title, tenant_id) SELECT 500, 'planted', unnest('{7,8}'::text[]);

-- INSERT into a field of the row
INSERT INTO tasks (id, title, codes[1], tenant_id) VALUES (500, 'planted', 'x', '8');

-- DEFAULT for the tenant, where the default might be another's
--! compare: none
INSERT INTO tasks (id, title, tenant_id) SELECT 500, 'planted', min(tenant_id) FROM (SELECT max(tenant_id) AS tenant_id FROM tasks) x;
