-- Makes any schema one that several tenants share: every table gets a tenant column as its last one, and every row of
-- tenant 7 a copy that is tenant 8's, with markers in it.
--
-- In a shared database the column's default is a setting that only the owner's connection has: an INSERT that nobody
-- stamped fails. In a private one it is the tenant.

CREATE SCHEMA tenancy;

CREATE TABLE tenancy.side (is_shared boolean NOT NULL);

-- Tables that code of the schema's own reads or writes: no gateway sees that, so nobody else's rows are in them.
CREATE TABLE tenancy.open_tables (name text PRIMARY KEY);

CREATE VIEW tenancy.tables AS
SELECT c.oid::regclass AS oid, c.relname::text AS name, c.relkind, c.relispartition,
       (SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) AS place,
       (SELECT max(a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped) AS last
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.reloftype = 0
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'tenancy', 'tenantgate');

-- Every relation with the tenant column.
CREATE VIEW tenancy.declared AS
SELECT DISTINCT c.relname::text AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE a.attname = 'tenant_id' AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm')
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'tenancy', 'tenantgate');

-- A table with all that it inherits from and that inherits from it.
CREATE FUNCTION tenancy.family(member oid) RETURNS SETOF oid LANGUAGE sql STABLE AS $$
  WITH RECURSIVE found (oid) AS (
    SELECT member
    UNION
    SELECT CASE WHEN i.inhrelid = f.oid THEN i.inhparent ELSE i.inhrelid END
    FROM found f JOIN pg_inherits i ON f.oid IN (i.inhrelid, i.inhparent)
  ) SELECT oid FROM found
$$;

CREATE FUNCTION tenancy.tenant_default(is_open boolean) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN is_shared AND NOT is_open THEN $d$current_setting('regression.tenant', true)$d$ ELSE $d$'7'::text$d$ END
  FROM tenancy.side
$$;

CREATE FUNCTION tenancy.is_open(wanted oid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM tenancy.family(wanted) f JOIN pg_class c ON c.oid = f JOIN tenancy.open_tables o ON o.name = c.relname)
$$;

-- Takes the other tenant's rows away: of the tables of these names, or of all.
CREATE FUNCTION tenancy.unplant(names text[] DEFAULT NULL) RETURNS void LANGUAGE plpgsql
SET session_replication_role = replica SET row_security = on AS $$
DECLARE
  t record;
BEGIN
  FOR t IN SELECT * FROM tenancy.tables WHERE place IS NOT NULL AND NOT relispartition AND (names IS NULL OR name = ANY (names)) LOOP
    EXECUTE format('DELETE FROM %s WHERE tenant_id = ''8''', t.oid);
  END LOOP;
END $$;

-- Gives every table without a tenant column one, and makes it the last column again where others were added.
CREATE FUNCTION tenancy.adopt() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  t record;
  member record;
  seen oid[] := '{}';
BEGIN
  FOR t IN SELECT * FROM tenancy.tables WHERE NOT relispartition AND place IS DISTINCT FROM last ORDER BY oid::oid LOOP
    CONTINUE WHEN t.oid::oid = ANY (seen);
    seen := seen || ARRAY(SELECT tenancy.family(t.oid));
    BEGIN
      PERFORM tenancy.unplant(ARRAY(SELECT relname::text FROM pg_class WHERE oid IN (SELECT tenancy.family(t.oid))));
      FOR member IN SELECT f AS oid FROM tenancy.family(t.oid) f ORDER BY f LOOP
        IF EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = member.oid AND a.attname = 'tenant_id' AND a.attinhcount = 0 AND NOT a.attisdropped) THEN
          EXECUTE format('ALTER TABLE %s DROP COLUMN tenant_id', member.oid::regclass);
        END IF;
      END LOOP;
      FOR member IN SELECT f AS oid FROM tenancy.family(t.oid) f WHERE NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = f) ORDER BY f LOOP
        EXECUTE format('ALTER TABLE %s ADD COLUMN tenant_id text NOT NULL DEFAULT %s', member.oid::regclass, tenancy.tenant_default(tenancy.is_open(t.oid)));
      END LOOP;
    EXCEPTION WHEN others THEN
      RAISE DEBUG 'not adopted: % %', t.oid, SQLERRM;
    END;
  END LOOP;
  FOR t IN SELECT v.* FROM tenancy.tables v JOIN pg_attribute a ON a.attrelid = v.oid AND a.attnum = v.place
           WHERE NOT v.relispartition AND NOT (a.attnotnull AND a.atthasdef) LOOP
    BEGIN
      EXECUTE format('ALTER TABLE %s ALTER tenant_id SET DEFAULT %s, ALTER tenant_id SET NOT NULL', t.oid, tenancy.tenant_default(tenancy.is_open(t.oid)));
    EXCEPTION WHEN others THEN
      RAISE DEBUG 'no default: % %', t.oid, SQLERRM;
    END;
  END LOOP;
END $$;

-- Declares that code of the schema's own uses these tables.
CREATE FUNCTION tenancy.open(names text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  t record;
BEGIN
  INSERT INTO tenancy.open_tables SELECT unnest(names) ON CONFLICT DO NOTHING;
  FOR t IN SELECT v.* FROM tenancy.tables v WHERE place IS NOT NULL AND tenancy.is_open(v.oid) LOOP
    PERFORM tenancy.unplant(ARRAY[t.name]);
    BEGIN
      EXECUTE format('ALTER TABLE %s ALTER tenant_id SET DEFAULT ''7''::text', t.oid);
    EXCEPTION WHEN others THEN
      RAISE DEBUG 'not opened: % %', t.oid, SQLERRM;
    END;
  END LOOP;
END $$;

-- What a column of the other tenant's copy holds; `level` 1 marks texts, 2 marks keys and dates too.
CREATE FUNCTION tenancy.marked(col name, typ oid, typmod int, level int) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN level >= 1 AND typ IN ('text'::regtype, 'name'::regtype) OR (typ = 'varchar'::regtype AND typmod < 0) THEN format('(%I || '' kanarie'')::%s', col, typ::regtype)
    WHEN level >= 1 AND typ IN ('varchar'::regtype, 'bpchar'::regtype) AND typmod > 4 THEN format('left(rtrim(%I) || ''kanarie'', %s)', col, typmod - 4)
    WHEN level >= 1 AND typ = 'text[]'::regtype THEN format('%I || ''kanarie''::text', col)
    WHEN level >= 2 AND typ IN ('int4'::regtype, 'int8'::regtype, 'numeric'::regtype, 'float8'::regtype) THEN format('%I + 887700000', col)
    WHEN level >= 2 AND typ IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype) THEN format('(%I + interval ''6852 years'')::%s', col, typ::regtype)
    ELSE quote_ident(col)
  END
$$;

CREATE FUNCTION tenancy.copying(target regclass, level int, condition text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s %s WHERE tenant_id = ''7'' %s', target,
    string_agg(quote_ident(attname), ', ' ORDER BY attnum),
    string_agg(CASE WHEN attname = 'tenant_id' THEN '''8''' ELSE tenancy.marked(attname, atttypid, atttypmod, level) END, ', ' ORDER BY attnum),
    CASE WHEN (SELECT relkind FROM pg_class WHERE oid = target) = 'p' THEN '' ELSE 'ONLY' END, target, condition)
  FROM pg_attribute WHERE attrelid = target AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
$$;

-- Gives the other tenant a copy of one table's rows: marked as far as the table's constraints let it.
CREATE FUNCTION tenancy.plant_one(target regclass) RETURNS void LANGUAGE plpgsql
SET session_replication_role = replica AS $$
DECLARE
  levels int[];
  level int;
  r record;
BEGIN
  EXECUTE format('DELETE FROM %s %s WHERE tenant_id = ''8''', CASE WHEN (SELECT relkind FROM pg_class WHERE oid = target) = 'p' THEN '' ELSE 'ONLY' END, target);
  levels := CASE WHEN EXISTS (SELECT FROM pg_index WHERE indrelid = target AND (indisunique OR indisexclusion))
                   OR EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND target IN (conrelid, confrelid))
            THEN '{2,1,0}'::int[] ELSE '{1,2,0}'::int[] END;
  FOREACH level IN ARRAY levels LOOP
    BEGIN
      EXECUTE tenancy.copying(target, level, '');
      RETURN;
    EXCEPTION WHEN others THEN NULL;
    END;
  END LOOP;
  FOR r IN EXECUTE format('SELECT tableoid, ctid FROM %s WHERE tenant_id = ''7'' LIMIT 1000', target) LOOP
    FOREACH level IN ARRAY levels LOOP
      BEGIN
        EXECUTE tenancy.copying(target, level, format('AND tableoid = %s AND ctid = %L', r.tableoid, r.ctid));
        EXIT;
      EXCEPTION WHEN others THEN NULL;
      END;
    END LOOP;
  END LOOP;
END $$;

-- Renews the other tenant's copy: of the tables of these names and what belongs to them, or of all.
CREATE FUNCTION tenancy.plant(names text[] DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  t record;
BEGIN
  IF NOT (SELECT is_shared FROM tenancy.side) THEN RETURN; END IF;
  FOR t IN SELECT v.* FROM tenancy.tables v
           WHERE place IS NOT NULL AND NOT relispartition AND NOT tenancy.is_open(v.oid)
             AND (names IS NULL OR EXISTS (SELECT FROM tenancy.family(v.oid) f JOIN pg_class c ON c.oid = f WHERE c.relname = ANY (names))) LOOP
    PERFORM tenancy.plant_one(t.oid);
  END LOOP;
END $$;
