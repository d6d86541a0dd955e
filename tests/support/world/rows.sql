-- Rows of the tenants {tenants}. Tenant 7 is the one that attacks; every row of the others carries markers:
-- the word in texts, numbers that begin with 8877, years 8877, patterns and documents that fail when looked at.

CREATE FUNCTION pg_temp.t(tenant text, n int, plain text) RETURNS text LANGUAGE sql AS
  $$ SELECT CASE WHEN tenant = '7' THEN plain ELSE 'kanarie' || tenant || 'x' || n END $$;
CREATE FUNCTION pg_temp.n(tenant text, n int, plain int) RETURNS int LANGUAGE sql AS
  $$ SELECT CASE WHEN tenant = '7' THEN plain ELSE 88770000 + n END $$;
CREATE FUNCTION pg_temp.d(tenant text, n int) RETURNS date LANGUAGE sql AS
  $$ SELECT CASE WHEN tenant = '7' THEN date '2024-01-15' ELSE date '8877-01-15' END + n * 9 $$;
CREATE TEMPORARY TABLE tenants AS SELECT unnest('{tenants}'::text[]) AS t;

INSERT INTO accounts
SELECT n * 10 + t::int, t, pg_temp.t(t, n, 'account ' || n), pg_temp.t(t, n, 'a' || n) || '@x.example',
  (ARRAY['free', 'team', 'enterprise'])[n % 3 + 1]::plan, pg_temp.n(t, n, nullif(n % 4, 0) * 5),
  pg_temp.n(t, n, n * 100) + 0.25, pg_temp.d(t, n), n % 3 <> 0,
  jsonb_build_object('n', pg_temp.t(t, n, (n % 5)::text), 'on', n % 2 = 0, 'tags', jsonb_build_array(pg_temp.t(t, n, 'x' || n % 3), 'all')),
  pg_temp.t(t, n, (n % 6)::text)
FROM generate_series(1, 8) g(n), tenants ORDER BY g.n, tenants.t;

INSERT INTO projects
SELECT t, n, (n % 8 + 1) * 10 + t::int, pg_temp.t(t, n, 'project ' || n % 7), pg_temp.n(t, n, n % 4 * 50) + 0.5,
  ARRAY[pg_temp.t(t, n, 'x' || n % 3), 'all'], pg_temp.d(t, n) + time '10:30', pg_temp.n(t, n, nullif(n % 5, 2))
FROM generate_series(1, 10) g(n), tenants ORDER BY g.n, tenants.t;

INSERT INTO tasks
SELECT n, nullif(n % 11, 0), pg_temp.t(t, n, 'task ' || n % 9), n % 4 = 0, pg_temp.n(t, n, nullif(n % 6, 5)), pg_temp.d(t, n),
  pg_temp.t(t, n, (n % 8)::text), CASE t WHEN '7' THEN 'task%' ELSE '%\' END,
  CASE t WHEN '7' THEN n * 1.5 ELSE ('8877' || n || 'e400')::numeric END,
  ARRAY[pg_temp.t(t, n, (n % 3)::text), pg_temp.t(t, n, '4')],
  jsonb_build_object('v', pg_temp.t(t, n, (n % 4)::text), 'w', n % 5), t
FROM generate_series(1, 30) g(n), tenants ORDER BY g.n, tenants.t;

INSERT INTO comments
SELECT n * 10 + t::int, t, n % 30 + 1, n % 5, pg_temp.t(t, n, (ARRAY['fine', 'late', 'why?', NULL])[n % 4 + 1]),
  pg_temp.n(t, n, n % 7) / 2.0, pg_temp.d(t, n) + time '08:00' AT TIME ZONE 'UTC'
FROM generate_series(1, 24) g(n), tenants ORDER BY g.n, tenants.t;

INSERT INTO events
SELECT t, n, date '2024-03-01' + n * 41, pg_temp.t(t, n, 'kind ' || n % 4), pg_temp.n(t, n, n % 5),
  jsonb_build_object('by', pg_temp.t(t, n, 'p' || n % 3))
FROM generate_series(1, 24) g(n), tenants ORDER BY g.n, tenants.t;

INSERT INTO assets SELECT n, t, pg_temp.t(t, n, 'asset ' || n % 4), pg_temp.n(t, n, n * 3) FROM generate_series(1, 6) g(n), tenants ORDER BY g.n, tenants.t;
INSERT INTO vehicles SELECT n + 6, t, pg_temp.t(t, n, 'asset ' || n % 4), pg_temp.n(t, n, n * 3), 4 FROM generate_series(1, 5) g(n), tenants ORDER BY g.n, tenants.t;
INSERT INTO meters SELECT n, t::int, pg_temp.t(t, n, 'meter ' || n % 3), pg_temp.n(t, n, n % 4) FROM generate_series(1, 7) g(n), tenants ORDER BY g.n, tenants.t;
INSERT INTO coupons SELECT t || '-' || n, t, pg_temp.n(t, n, n), pg_temp.t(t, n, (n % 3)::text) FROM generate_series(1, 5) g(n), tenants ORDER BY g.n, tenants.t;
INSERT INTO invoices SELECT n * 10 + t::int, t, (n % 8 + 1) * 10 + t::int, pg_temp.n(t, n, n * 7), pg_temp.t(t, n, (ARRAY['open', 'paid'])[n % 2 + 1])
FROM generate_series(1, 8) g(n), tenants ORDER BY g.n, tenants.t;
INSERT INTO lines SELECT n * 10 + t::int, (n % 8 + 1) * 10 + t::int, pg_temp.t(t, n, 'line ' || n % 4), pg_temp.n(t, n, n % 3), pg_temp.n(t, n, n)
FROM generate_series(1, 16) g(n), tenants ORDER BY g.n, tenants.t;
INSERT INTO drafts SELECT n * 10 + t::int, t, '{"k": "kanarie"}', point(n, n), 'kanarie' || n, 'kanarie', 88770000000 + n, ('8877' || n || 'e400')::numeric, n
FROM generate_series(1, 4) g(n), tenants WHERE tenants.t <> '7' ORDER BY g.n, tenants.t;
INSERT INTO bookings SELECT n * 10 + t::int, t, int4range(t::int * 10000 + pg_temp.n(t, n, n) % 10000, t::int * 10000 + pg_temp.n(t, n, n) % 10000 + 1)
FROM generate_series(1, 3) g(n), tenants ORDER BY g.n, tenants.t;
INSERT INTO bookings SELECT 9008, '8', int4range(88770000, 88770010) FROM tenants WHERE tenants.t = '8';
INSERT INTO countries VALUES ('NL', 'Nederland'), ('DE', 'Deutschland'), ('FR', 'France');
INSERT INTO secrets SELECT n, 'kanarie secret ' || n FROM generate_series(1, 3) n WHERE 3 = (SELECT count(*) FROM tenants);
REFRESH MATERIALIZED VIEW task_archive;

SELECT lo_from_bytea(4242, 'kanarie in a large object');
GRANT SELECT, UPDATE ON LARGE OBJECT 4242 TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO PUBLIC;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO PUBLIC;

-- what reset() puts back; to a tenant, relations like any other
CREATE SCHEMA pristine;
DO $$
DECLARE r record;
BEGIN
  FOR r IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition LOOP
    EXECUTE format('CREATE TABLE pristine.%I AS SELECT * FROM %s public.%1$I', r.relname, CASE r.relname WHEN 'events' THEN '' ELSE 'ONLY' END);
  END LOOP;
END $$;
CREATE FUNCTION pristine.reset() RETURNS void LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR r IN SELECT relname, CASE relname WHEN 'events' THEN '' ELSE 'ONLY' END AS modifier
    FROM pg_class WHERE relnamespace = 'pristine'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('DELETE FROM %s public.%I', r.modifier, r.relname);
    EXECUTE format('INSERT INTO public.%I SELECT * FROM pristine.%1$I', r.relname);
  END LOOP;
END $$;
-- a digest of every row that isn't tenant 7's to change, table by table
CREATE FUNCTION pristine.others() RETURNS text LANGUAGE plpgsql AS $$
DECLARE r record; one text; total text := '';
BEGIN
  FOR r IN SELECT relname FROM pg_class WHERE relnamespace = 'pristine'::regnamespace AND relkind = 'r' ORDER BY relname LOOP
    EXECUTE format(
      $q$SELECT md5(coalesce(string_agg(line, ';' ORDER BY line), '')) FROM (SELECT t::text AS line, to_jsonb(t) AS j FROM public.%I t) x
         WHERE coalesce(j->>'tenant_id', j->>'org', CASE WHEN line ~ 'kanarie' OR %L IN ('countries', 'secrets') THEN '8' ELSE '7' END) <> '7'$q$,
      r.relname, r.relname) INTO one;
    total := total || r.relname || ' ' || one || E'\n';
  END LOOP;
  RETURN total;
END $$;
GRANT USAGE ON SCHEMA pristine TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA pristine TO PUBLIC;
ANALYZE;
