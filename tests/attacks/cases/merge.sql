-- MERGE updates what it matches
MERGE INTO tasks t USING (VALUES (1), (2)) s (id) ON t.id = s.id WHEN MATCHED THEN UPDATE SET points = 0;

-- MERGE gives a row to another tenant
MERGE INTO tasks t USING (VALUES (1)) s (id) ON t.id = s.id AND t.tenant_id = '7' WHEN MATCHED THEN UPDATE SET tenant_id = '8';

-- MERGE from other tenants' rows
MERGE INTO coupons c USING tasks t ON c.code = '7-' || t.id AND t.tenant_id = '8' WHEN MATCHED AND c.tenant_id = '7' THEN UPDATE SET note = t.title;

-- MERGE inserts other tenants' rows as one's own
MERGE INTO coupons c USING tasks t ON c.code = t.title WHEN NOT MATCHED THEN INSERT (code, tenant_id, note) VALUES (t.title || t.id || t.tenant_id, '7', t.code);

-- MERGE inserts without the tenant, or for another
MERGE INTO coupons c USING (VALUES ('m1', '8')) s (code, t) ON c.code = s.code WHEN NOT MATCHED THEN INSERT (code, tenant_id) VALUES (s.code, s.t);

-- MERGE with a subquery in a condition
MERGE INTO coupons c USING (VALUES ('7-1')) s (code) ON c.code = s.code WHEN MATCHED AND EXISTS (SELECT FROM tasks WHERE title LIKE 'kanarie%') THEN UPDATE SET hits = 77;

-- MERGE with a subquery in SET
MERGE INTO coupons c USING (VALUES ('7-1')) s (code) ON c.code = s.code WHEN MATCHED THEN UPDATE SET hits = (SELECT count(*) FROM tasks); SELECT hits FROM coupons WHERE code = '7-1';

-- MERGE with a subquery in VALUES
MERGE INTO coupons c USING (VALUES ('7-77')) s (code) ON c.code = s.code WHEN NOT MATCHED THEN INSERT (code, tenant_id, hits) VALUES (s.code, '7', (SELECT count(*) FROM tasks)); SELECT hits FROM coupons WHERE code = '7-77';

-- MERGE whose ON fails on another tenant's row
MERGE INTO tasks t USING (VALUES (100)) s (id) ON t.code::int = s.id WHEN MATCHED THEN UPDATE SET points = 1;

-- MERGE whose WHEN fails on another tenant's row
MERGE INTO tasks t USING (VALUES (1)) s (id) ON t.id = s.id WHEN MATCHED AND t.code::int > 100 THEN DELETE;

-- MERGE whose SET fails on another tenant's row
MERGE INTO tasks t USING (VALUES (1)) s (id) ON t.id = s.id WHEN MATCHED THEN UPDATE SET points = t.code::int;

-- MERGE whose ON fails on another tenant's row while unmatched rows are inserted
MERGE INTO tasks t USING (VALUES (100)) s (id) ON t.code::int = s.id WHEN NOT MATCHED THEN INSERT (id, title, tenant_id) VALUES (s.id, 'x', '7');

-- MERGE over every row that has no source
--! since: 17
MERGE INTO tasks t USING (VALUES (1)) s (id) ON t.id = s.id WHEN NOT MATCHED BY SOURCE THEN DELETE;

-- MERGE over every row that has no source, whose ON fails on another tenant's row
--! since: 17
MERGE INTO tasks t USING (VALUES (100)) s (id) ON t.code::int = s.id WHEN NOT MATCHED BY SOURCE THEN UPDATE SET points = 3;

-- MERGE over every row that has no source, whose ON hashes another tenant's row
--! since: 17
MERGE INTO tasks t USING generate_series(1, 3000) s (id) ON t.code::int = s.id WHEN NOT MATCHED BY SOURCE THEN UPDATE SET points = 3;

-- MERGE over every row that has no source, whose condition fails on another tenant's row
--! since: 17
MERGE INTO tasks t USING (VALUES (1)) s (id) ON t.id = s.id WHEN NOT MATCHED BY SOURCE AND t.code::int > 100 THEN DELETE;

-- MERGE with a condition that OR makes void
--! since: 17
MERGE INTO tasks t USING (VALUES (1)) s (id) ON t.id = s.id WHEN NOT MATCHED BY SOURCE AND false OR true THEN UPDATE SET points = 0;

-- MERGE shows what it did
--! since: 17
MERGE INTO tasks t USING (VALUES (1)) s (id) ON t.id = s.id WHEN MATCHED THEN UPDATE SET points = t.points RETURNING merge_action(), t.title, (SELECT count(*) FROM tasks);

-- MERGE takes the target's name for its own list
WITH tasks AS (SELECT 1 AS id) MERGE INTO tasks USING (VALUES (1)) s (id) ON tasks.id = s.id WHEN MATCHED THEN DELETE;

-- MERGE into a partitioned table
MERGE INTO events e USING (VALUES (1)) s (id) ON e.id = s.id WHEN MATCHED THEN UPDATE SET weight = 0;

-- MERGE into an undeclared table
MERGE INTO secrets t USING (VALUES (1)) s (id) ON t.id = s.id WHEN MATCHED THEN DELETE;

-- MERGE into a child without the column
MERGE INTO lines l USING (VALUES (18)) s (id) ON l.id = s.id WHEN MATCHED THEN UPDATE SET quantity = 0;

-- MERGE over a join that is not in brackets
MERGE INTO tasks t USING (VALUES (1)) s (id) JOIN (VALUES (1)) o (id) ON o.id = s.id ON t.id = s.id WHEN MATCHED THEN UPDATE SET points = 0;

-- MERGE over a join of other tenants' rows that is not in brackets
MERGE INTO tasks t USING projects p JOIN accounts a ON a.id = 18 AND p.id = 1 AND p.tenant_id = '8' ON t.id = p.id AND t.tenant_id = '7' WHEN MATCHED THEN UPDATE SET title = a.name;

-- MERGE through a view
--! since: 17
MERGE INTO open_tasks t USING (VALUES (1)) s (id) ON t.id = s.id WHEN MATCHED THEN UPDATE SET points = 0;

-- MERGE through a view removes what its source doesn't match
--! since: 17
MERGE INTO open_tasks t USING (VALUES (1)) s (id) ON t.id = s.id WHEN NOT MATCHED BY SOURCE THEN DELETE;

-- MERGE through a view plants a row
--! probe: SELECT count(*) FROM tasks WHERE title = 'planted' AND tenant_id = '8'
--! since: 17
MERGE INTO open_tasks t USING (VALUES (500)) s (id) ON t.id = s.id WHEN NOT MATCHED THEN INSERT (id, tenant_id, title) VALUES (s.id, '8', 'planted');

-- MERGE through an undeclared view
--! compare: none
--! since: 17
MERGE INTO loose_view t USING (VALUES (1)) s (id) ON t.id = s.id WHEN MATCHED THEN UPDATE SET points = 0;
