-- the conflicting row is another tenant's
--! compare: none
INSERT INTO coupons (code, tenant_id, hits, note) VALUES ('8-1', '7', 0, 'mine') ON CONFLICT (code) DO UPDATE SET hits = 0;

-- the conflicting row is another tenant's, and shown
--! compare: none
INSERT INTO coupons (code, tenant_id) VALUES ('8-1', '7') ON CONFLICT (code) DO UPDATE SET hits = coupons.hits RETURNING *;

-- the conflicting row is another tenant's, and taken over
--! compare: none
INSERT INTO coupons (code, tenant_id) VALUES ('8-1', '7') ON CONFLICT (code) DO UPDATE SET tenant_id = EXCLUDED.tenant_id RETURNING note;

-- the tenant column from EXCLUDED
--! compare: none
INSERT INTO accounts (id, tenant_id, name) VALUES (18, '7', 'mine') ON CONFLICT (id) DO UPDATE SET tenant_id = '7', name = EXCLUDED.name RETURNING mail;

-- the constraint by name
--! compare: none
INSERT INTO coupons (code, tenant_id) VALUES ('8-1', '7') ON CONFLICT ON CONSTRAINT coupons_pkey DO UPDATE SET note = 'taken' RETURNING code;

-- an error in DO UPDATE's WHERE shows the other tenant's row
--! compare: none
INSERT INTO coupons (code, tenant_id) VALUES ('8-1', '7') ON CONFLICT (code) DO UPDATE SET hits = 1 WHERE coupons.note::int > 0;

-- an error in DO UPDATE's WHERE without a value is an oracle
--! compare: errors
INSERT INTO coupons (code, tenant_id) VALUES ('8-1', '7') ON CONFLICT (code) DO UPDATE SET hits = 1 WHERE 1 / (coupons.hits - 88770001) > 0;

-- an error in DO UPDATE's SET shows the other tenant's row
--! compare: none
INSERT INTO coupons (code, tenant_id) VALUES ('8-1', '7') ON CONFLICT (code) DO UPDATE SET hits = coupons.note::int;

-- a subquery in DO UPDATE's SET
INSERT INTO coupons (code, tenant_id) VALUES ('7-1', '7') ON CONFLICT (code) DO UPDATE SET note = (SELECT string_agg(note, ',' ORDER BY code) FROM coupons) RETURNING note;

-- a subquery in DO UPDATE's WHERE
INSERT INTO coupons (code, tenant_id) VALUES ('7-1', '7') ON CONFLICT (code) DO UPDATE SET hits = 99 WHERE EXISTS (SELECT FROM coupons x WHERE x.note LIKE 'kanarie%') RETURNING hits;

-- a correlated subquery over the conflicting row
--! compare: none
INSERT INTO coupons (code, tenant_id) VALUES ('8-1', '7') ON CONFLICT (code) DO UPDATE SET hits = 1 WHERE (SELECT coupons.note::int) > 0;

-- a whole-row reference in DO UPDATE's WHERE
--! compare: none
INSERT INTO coupons (code, tenant_id) VALUES ('8-1', '7') ON CONFLICT (code) DO UPDATE SET hits = 1 WHERE coupons::text::int > 0;

-- an alias for the target
--! compare: none
INSERT INTO coupons AS c (code, tenant_id) VALUES ('8-1', '7') ON CONFLICT (code) DO UPDATE SET hits = 0 WHERE c.tenant_id <> '7' RETURNING c.note;

-- the client's WHERE turns the pin void with OR
--! compare: none
INSERT INTO coupons (code, tenant_id) VALUES ('8-1', '7') ON CONFLICT (code) DO UPDATE SET hits = 0 WHERE false OR true RETURNING note;

-- the moved row is given to another tenant
INSERT INTO coupons (code, tenant_id) VALUES ('7-1', '7') ON CONFLICT (code) DO UPDATE SET tenant_id = '8';

-- the moved row in row form
INSERT INTO coupons (code, tenant_id) VALUES ('7-1', '7') ON CONFLICT (code) DO UPDATE SET (hits, tenant_id) = ROW (1, '8');

-- the moved row by a subquery
INSERT INTO coupons (code, tenant_id) VALUES ('7-1', '7') ON CONFLICT (code) DO UPDATE SET (hits, tenant_id) = (SELECT 1, '8');

-- several rows, one of them another tenant's
--! compare: none
INSERT INTO coupons (code, tenant_id) VALUES ('7-1', '7'), ('8-1', '7'), ('9-1', '7') ON CONFLICT (code) DO UPDATE SET hits = 4 RETURNING code, note;

-- INSERT ... SELECT with another tenant's keys
--! compare: none
INSERT INTO coupons (code, tenant_id) SELECT code, '7' FROM (VALUES ('8-2'), ('9-2')) v (code) ON CONFLICT (code) DO UPDATE SET note = 'taken', hits = 0;

-- within a common table expression
--! compare: none
WITH u AS (INSERT INTO coupons (code, tenant_id) VALUES ('8-1', '7') ON CONFLICT (code) DO UPDATE SET hits = 0 RETURNING note) SELECT * FROM u;

-- an expression in the conflict target
--! compare: none
INSERT INTO accounts (id, tenant_id, name) VALUES (19, '7', 'mine') ON CONFLICT (id) WHERE true DO UPDATE SET active = false, seats = 0;
