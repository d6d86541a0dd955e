\set aid random(1, 10000)
\set salt random(1, 2000000000)
SELECT abalance FROM accounts WHERE {tenant_id = 'acme' AND} aid = :aid AND abalance <> :salt;
