-- The world of the attack and non-interference tests: every kind of relation a tenant may meet.
-- rows.sql fills it; {tenants} there is the list of tenants whose rows a database holds.

CREATE TYPE plan AS ENUM ('free', 'team', 'enterprise');
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');

-- primary key without the tenant
CREATE TABLE accounts (
  id int PRIMARY KEY,
  tenant_id text NOT NULL,
  name text NOT NULL,
  mail email,
  plan plan NOT NULL DEFAULT 'free',
  seats int,
  balance numeric(14, 2),
  opened date,
  active boolean NOT NULL DEFAULT true,
  meta jsonb,
  code text
);
CREATE INDEX accounts_tenant ON accounts (tenant_id, opened);

-- primary key that begins with the tenant
CREATE TABLE projects (
  tenant_id text NOT NULL,
  id int NOT NULL,
  account_id int,
  title text NOT NULL,
  budget numeric(14, 2),
  tags text[] NOT NULL DEFAULT '{}',
  starts timestamp,
  "Größe" int,
  PRIMARY KEY (tenant_id, id)
);

-- no key, no index, no statistics target: always a sequential scan
CREATE TABLE tasks (
  id int NOT NULL,
  project_id int,
  title text NOT NULL,
  done boolean NOT NULL DEFAULT false,
  points int,
  due date,
  code text,
  pattern text,
  amount numeric,
  codes text[],
  doc jsonb,
  tenant_id text NOT NULL
);

CREATE TABLE comments (
  id int PRIMARY KEY,
  tenant_id text NOT NULL,
  task_id int,
  author int,
  body text,
  score float8,
  written timestamptz NOT NULL DEFAULT '2024-01-01 00:00:00+00',
  UNIQUE (tenant_id, task_id, id)
);

-- partitioned
CREATE TABLE events (
  tenant_id text NOT NULL,
  id int NOT NULL,
  at date NOT NULL,
  kind text,
  weight int,
  payload jsonb,
  PRIMARY KEY (tenant_id, id, at)
) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_rest PARTITION OF events DEFAULT;

-- inherited
CREATE TABLE assets (id int NOT NULL, tenant_id text NOT NULL, name text, value int);
CREATE TABLE vehicles (wheels int) INHERITS (assets);

-- the tenant in an integer column of another name
CREATE TABLE meters (id int NOT NULL, org int NOT NULL, label text, reading int, PRIMARY KEY (org, id));

-- a unique key that lacks the tenant
CREATE TABLE coupons (code text PRIMARY KEY, tenant_id text NOT NULL, hits int NOT NULL DEFAULT 0, note text);

-- a child without the column, tied by a foreign key
CREATE TABLE invoices (id int PRIMARY KEY, tenant_id text NOT NULL, account_id int, total numeric(14, 2), state text);
CREATE TABLE lines (
  id int PRIMARY KEY,
  invoice_id int NOT NULL REFERENCES invoices (id),
  label text,
  quantity int,
  price numeric(14, 2)
);

-- one that tenant 7 has no rows in: whatever fails here, fails on another tenant's
CREATE TABLE drafts (
  id int PRIMARY KEY,
  tenant_id text NOT NULL,
  raw json,
  place point,
  here text COLLATE "C",
  there text COLLATE "POSIX",
  big bigint,
  exact numeric,
  rough float8
);

-- an exclusion constraint that lacks the tenant
CREATE TABLE bookings (id int PRIMARY KEY, tenant_id text NOT NULL, during int4range, EXCLUDE USING gist (during WITH &&));

CREATE TABLE countries (code text PRIMARY KEY, name text NOT NULL);

-- nobody declared these
CREATE TABLE secrets (id int PRIMARY KEY, note text);
CREATE VIEW secret_view AS SELECT id, note FROM secrets;
CREATE VIEW stamped_view AS SELECT id, note, '7'::text AS tenant_id FROM secrets;
CREATE VIEW task_totals AS SELECT tenant_id, count(*) AS tasks, sum(points) AS points FROM tasks GROUP BY tenant_id;
CREATE VIEW loose_view AS SELECT id, title, points FROM tasks;

-- a view and a materialized view whose tenant column is a base relation's own
CREATE VIEW open_tasks AS SELECT id, tenant_id, project_id, title, points FROM tasks WHERE NOT done;
CREATE MATERIALIZED VIEW task_archive AS SELECT id, tenant_id, title, points FROM tasks WHERE done WITH NO DATA;

CREATE SEQUENCE ticket;

-- code that reads everything
CREATE FUNCTION every_title() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER AS 'SELECT title FROM public.tasks';
CREATE FUNCTION titles_of(text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER AS
  'SELECT string_agg(title, '','') FROM public.tasks WHERE tenant_id = $1';
CREATE FUNCTION reverse(int) RETURNS text LANGUAGE sql STABLE AS 'SELECT string_agg(title, '','') FROM public.tasks';
CREATE FUNCTION peek(tasks) RETURNS text LANGUAGE sql STABLE AS
  'SELECT string_agg(title, '','') FROM public.tasks t WHERE t.id <= $1.id + 1000';
CREATE FUNCTION telling(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS
  $$ BEGIN RAISE NOTICE 'saw %', $1; RETURN true; END $$;
CREATE OPERATOR <~~> (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_catalog.texteq);
CREATE FUNCTION loud_equal(text, text) RETURNS boolean LANGUAGE plpgsql AS
  $$ BEGIN RAISE NOTICE 'compared %', $1; RETURN $1 OPERATOR(pg_catalog.=) $2; END $$;
CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = loud_equal);
CREATE FUNCTION keep_last(text, text) RETURNS text LANGUAGE sql STABLE AS
  'SELECT string_agg(title, '','') FROM public.tasks';
CREATE AGGREGATE gather(text) (SFUNC = keep_last, STYPE = text);
CREATE FUNCTION shout(text) RETURNS boolean LANGUAGE plpgsql AS
  $$ BEGIN RAISE NOTICE 'saw %', (SELECT string_agg(title, ',') FROM public.tasks); RETURN true; END $$;
CREATE DOMAIN noisy AS text CHECK (shout(VALUE));
CREATE TYPE sight AS (seen text);
CREATE FUNCTION to_sight(text) RETURNS sight LANGUAGE sql STABLE AS
  'SELECT ROW(string_agg(title, '',''))::public.sight FROM public.tasks';
CREATE CAST (text AS sight) WITH FUNCTION to_sight(text);
CREATE PROCEDURE wipe() LANGUAGE sql SECURITY DEFINER AS 'UPDATE public.tasks SET points = 0';
