-- a row under another tenant's parent
INSERT INTO lines (id, invoice_id, label) VALUES (500, 18, 'planted');

-- a row under another tenant's parent, among rows of one's own
INSERT INTO lines (id, invoice_id, label) VALUES (500, 17, 'mine'), (501, 27, 'mine'), (502, 18, 'planted');

-- a row under another tenant's parent, by a parameter
--! params: ["18"]
INSERT INTO lines (id, invoice_id, label) VALUES (500, $1, 'planted');

-- rows under another tenant's parent, by parameters of which one is one's own
--! params: ["17", "18"]
INSERT INTO lines (id, invoice_id, label) VALUES (500, $1, 'mine'), (501, $2, 'planted');

-- a row under another tenant's parent, without a list of columns
INSERT INTO lines VALUES (500, 18);

-- a row under another tenant's parent, sorted behind one that is cut off
INSERT INTO lines (id, invoice_id) VALUES (500, 17), (501, 18) ORDER BY 2 DESC LIMIT 1;

-- a row under another tenant's parent, by an expression
INSERT INTO lines (id, invoice_id) VALUES (500, (random() * 0)::int + 18);

-- a row under another tenant's parent, by a conversion that rounds
INSERT INTO lines (id, invoice_id) VALUES (500, 17.6), (501, 18.4);

-- rows under every parent
INSERT INTO lines (id, invoice_id) SELECT 500 + id, id FROM invoices;

-- rows under every number, to see which are parents
INSERT INTO lines (id, invoice_id) SELECT 500 + g, g FROM generate_series(10, 99) g WHERE g % 10 IN (7, 8) AND g < 90;

-- a row under whichever parent is the largest
INSERT INTO lines (id, invoice_id) SELECT 500, max(id) FROM invoices RETURNING invoice_id;

-- rows copied to another tenant's parent
INSERT INTO lines (id, invoice_id, label) SELECT id + 500, invoice_id + 1, 'planted' FROM lines WHERE id < 50 AND label LIKE 'line %';

-- rows of a set operation
INSERT INTO lines (id, invoice_id) SELECT 500, 17 UNION ALL SELECT 501, 18;

-- a row of a WITH query that looks like a parent
WITH invoices AS (SELECT 18 AS id) INSERT INTO lines (id, invoice_id) SELECT 500, id FROM invoices;

-- a row under what a parent's query returns for its key
WITH p AS (INSERT INTO invoices (id, tenant_id) VALUES (5007, '7') RETURNING 18 AS id) INSERT INTO lines (id, invoice_id) SELECT 500, id FROM p;

-- a row under what a parent's query returns beside its key
WITH p AS (INSERT INTO invoices (id, tenant_id, account_id) VALUES (5007, '7', 18) RETURNING account_id AS id, id AS other) INSERT INTO lines (id, invoice_id) SELECT 500, id FROM p;

-- a row under what hides a parent's query
WITH p AS (INSERT INTO invoices (id, tenant_id) VALUES (5007, '7') RETURNING id) INSERT INTO lines (id, invoice_id) WITH p AS (SELECT 18 AS id) SELECT 500, id FROM p;

-- rows under all the parents that an UPDATE returns
WITH p AS (UPDATE invoices SET total = 0 RETURNING id) INSERT INTO lines (id, invoice_id) SELECT 500 + id, id FROM p;

-- a row under another tenant's parent in a WITH query
WITH planted AS (INSERT INTO lines (id, invoice_id) VALUES (500, 18) RETURNING id) SELECT * FROM planted;

-- an upsert changes another tenant's row
--! compare: none
INSERT INTO lines (id, invoice_id) VALUES (18, 17) ON CONFLICT (id) DO UPDATE SET label = 'taken';

-- an upsert takes another tenant's row over
--! compare: none
INSERT INTO lines (id, invoice_id) VALUES (18, 17) ON CONFLICT (id) DO UPDATE SET invoice_id = EXCLUDED.invoice_id RETURNING label;

-- an upsert takes another tenant's row over, by a condition that is always true
--! compare: none
INSERT INTO lines AS l (id, invoice_id) VALUES (18, 17) ON CONFLICT (id) DO UPDATE SET invoice_id = 17 WHERE l.id = 1 OR true RETURNING label;

-- an upsert fails on another tenant's row
--! compare: none
INSERT INTO lines (id, invoice_id) VALUES (18, 17) ON CONFLICT (id) DO UPDATE SET quantity = 1 WHERE lines.label::int > 0;

-- an upsert fails on another tenant's row, in what it sets
--! compare: none
INSERT INTO lines (id, invoice_id) VALUES (18, 17) ON CONFLICT (id) DO UPDATE SET quantity = lines.label::int;

-- an upsert gives one's own row away
INSERT INTO lines (id, invoice_id) VALUES (17, 17) ON CONFLICT (id) DO UPDATE SET invoice_id = 18;

-- an upsert gives one's own row away, in row form
INSERT INTO lines (id, invoice_id) VALUES (17, 17) ON CONFLICT (id) DO UPDATE SET (label, invoice_id) = ROW ('planted', 18);

-- one's own row is given away
UPDATE lines SET invoice_id = 18 WHERE id = 17;

-- one's own row is given away, by a parameter
--! params: ["18", "17"]
UPDATE lines SET invoice_id = $1 WHERE id = $2;

-- one's own row is given away, in row form
UPDATE lines SET (label, invoice_id) = ('planted', 18) WHERE id = 17;

-- one's own row is given away, by a subquery
UPDATE lines SET (invoice_id, label) = (SELECT 18, 'planted') WHERE id = 17;

-- one's own row is given away, beside a relation that is called excluded
UPDATE lines SET invoice_id = excluded.n FROM (VALUES (18)) excluded (n) WHERE lines.id = 17;

-- one's own row is given to whichever parent is the largest
UPDATE lines SET invoice_id = (SELECT max(id) FROM invoices) WHERE id = 17 RETURNING invoice_id;

-- one's own rows are given away, each to another
UPDATE lines SET invoice_id = invoice_id + 1 WHERE label LIKE 'line %';

-- rows of other tenants are taken
UPDATE lines SET invoice_id = 17;

-- rows of other tenants are changed, by an alias of the parent's name
UPDATE lines AS invoices SET quantity = 0 WHERE invoices.id = 18;

-- rows of other tenants are changed, beside their parents
UPDATE lines l SET label = i.state FROM invoices i WHERE i.id = l.invoice_id;

-- rows of other tenants are changed, each by itself
UPDATE ONLY lines SET quantity = 0;

-- rows of other tenants fail in a filter
UPDATE lines SET quantity = 0 WHERE replace(label, 'line ', '')::int > 100;

-- rows of other tenants fail in what is set
UPDATE lines SET quantity = replace(label, 'line ', '')::int;

-- rows of other tenants are returned
UPDATE lines SET quantity = quantity RETURNING *, (SELECT count(*) FROM lines);

-- all rows are removed
DELETE FROM lines;

-- rows of other tenants are removed beside their parents
DELETE FROM lines l USING invoices i WHERE i.id = l.invoice_id AND i.tenant_id <> '7';

-- removed rows are returned
WITH gone AS (DELETE FROM lines WHERE quantity > 0 OR quantity IS NULL RETURNING *) SELECT * FROM gone;

-- MERGE plants a row
MERGE INTO lines l USING (VALUES (500)) s (id) ON l.id = s.id WHEN NOT MATCHED THEN INSERT (id, invoice_id) VALUES (s.id, 18);

-- MERGE gives one's own row away
MERGE INTO lines l USING (VALUES (17)) s (id) ON l.id = s.id WHEN MATCHED THEN UPDATE SET invoice_id = 18;

-- MERGE removes what its source doesn't match
--! since: 17
MERGE INTO lines l USING (VALUES (17)) s (id) ON l.id = s.id WHEN NOT MATCHED BY SOURCE THEN DELETE;

-- a prepared row under another tenant's parent
PREPARE plant (int) AS INSERT INTO lines (id, invoice_id) VALUES (500, $1); EXECUTE plant(18);

-- a row under another tenant's parent, copied to the client
COPY (INSERT INTO lines (id, invoice_id) VALUES (500, 18) RETURNING id) TO STDOUT;

-- a row under another tenant's parent beside the removal of one's own
WITH gone AS (DELETE FROM lines WHERE id = 17) INSERT INTO lines (id, invoice_id) VALUES (500, 18);

-- a row that is skipped, unless the parent is another tenant's
INSERT INTO lines (id, invoice_id) VALUES (500, 18) ON CONFLICT DO NOTHING;

-- a row under the parent of another tenant's row
INSERT INTO lines (id, invoice_id) SELECT 500, invoice_id FROM lines WHERE id = 18;

-- a row under a parent of which RETURNING tells
INSERT INTO lines (id, invoice_id) VALUES (500, 18) RETURNING (SELECT state FROM invoices WHERE id = invoice_id), lines.*;

-- removed rows of other tenants are returned beside what they hang on
DELETE FROM lines l USING invoices i WHERE i.id = l.invoice_id RETURNING l.*, i.*;

-- the row of a cursor is given away
BEGIN; DECLARE c CURSOR FOR SELECT * FROM lines WHERE id = 17 FOR UPDATE; FETCH c; UPDATE lines SET invoice_id = 18 WHERE CURRENT OF c; COMMIT;
