-- Five tenants in the same tables, as pgbench's own schema would be if it had tenants. Nothing may change the tables
-- while they are measured but the load itself, so nothing vacuums them.

CREATE TABLE accounts (
  tenant_id text NOT NULL,
  aid bigint NOT NULL,
  bid bigint NOT NULL,
  abalance int NOT NULL,
  PRIMARY KEY (tenant_id, aid)
) WITH (fillfactor = 70, autovacuum_enabled = off);

CREATE TABLE branches (
  tenant_id text NOT NULL,
  bid bigint NOT NULL,
  bbalance int NOT NULL,
  PRIMARY KEY (tenant_id, bid)
) WITH (fillfactor = 30, autovacuum_enabled = off);

CREATE TABLE tellers (
  tenant_id text NOT NULL,
  tid bigint NOT NULL,
  bid bigint NOT NULL,
  tbalance int NOT NULL,
  PRIMARY KEY (tenant_id, tid)
) WITH (fillfactor = 30, autovacuum_enabled = off);

CREATE TABLE history (
  tenant_id text NOT NULL,
  hid bigint GENERATED ALWAYS AS IDENTITY,
  aid bigint NOT NULL,
  delta int NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_enabled = off);

CREATE TABLE events (
  tenant_id text NOT NULL,
  eid bigint NOT NULL,
  happened_at timestamptz NOT NULL,
  payload text NOT NULL,
  PRIMARY KEY (tenant_id, eid)
) WITH (autovacuum_enabled = off);

CREATE TABLE imports (
  tenant_id text NOT NULL,
  iid bigint NOT NULL,
  payload text NOT NULL
) WITH (autovacuum_enabled = off);

CREATE TEMPORARY TABLE everyone AS SELECT unnest(ARRAY['acme', 'globex', 'initech', 'umbrella', 'hooli']) AS tenant_id;

INSERT INTO accounts SELECT tenant_id, n, n % 1000 + 1, 0 FROM everyone, generate_series(1, 10000) AS n;
INSERT INTO branches SELECT tenant_id, n, 0 FROM everyone, generate_series(1, 1000) AS n;
INSERT INTO tellers SELECT tenant_id, n, n, 0 FROM everyone, generate_series(1, 1000) AS n;
INSERT INTO events
  SELECT tenant_id, n, '2026-01-01 00:00+00'::timestamptz + n * interval '1 second', rpad(md5(n::text), 80, '.')
  FROM everyone, generate_series(1, CASE tenant_id WHEN 'acme' THEN :largeRows ELSE 1000 END) AS n;
