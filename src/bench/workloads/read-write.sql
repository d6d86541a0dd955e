\set aid random(1, 10000)
\set tid random(1, 1000)
\set bid random(1, 1000)
\set delta random(-5000, 5000)
BEGIN;
UPDATE accounts SET abalance = abalance + :delta WHERE {tenant_id = 'acme' AND} aid = :aid;
SELECT abalance FROM accounts WHERE {tenant_id = 'acme' AND} aid = :aid;
UPDATE tellers SET tbalance = tbalance + :delta WHERE {tenant_id = 'acme' AND} tid = :tid;
UPDATE branches SET bbalance = bbalance + :delta WHERE {tenant_id = 'acme' AND} bid = :bid;
INSERT INTO history ({tenant_id,} aid, delta) VALUES ({'acme',} :aid, :delta);
COMMIT;
