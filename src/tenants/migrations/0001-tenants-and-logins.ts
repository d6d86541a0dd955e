import type { Migration } from './migration.js'

/** WHO: tenants, logins, and a notification for every change of either. */
export const tenantsAndLogins: Migration = {
  version: 1,
  name: 'tenants and logins',
  sql: ({ schema, catalogChannel }) => `
CREATE TABLE ${schema}.tenants (
  id         text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9_-]{1,63}$'),
  name       text NOT NULL,
  status     text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
  settings   jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
  placement  jsonb NOT NULL DEFAULT '{"kind": "shared"}' CHECK (jsonb_typeof(placement) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE ${schema}.logins (
  name           text PRIMARY KEY CHECK (octet_length(name) BETWEEN 1 AND 63),
  kind           text NOT NULL DEFAULT 'app' CHECK (kind IN ('app', 'reader', 'analyst', 'operator')),
  tenants        text[] NOT NULL DEFAULT '{}',
  secret         text CHECK (secret LIKE 'SCRAM-SHA-256$%'),
  certificate_cn text,
  disabled       boolean NOT NULL DEFAULT false,
  created_at     timestamptz NOT NULL DEFAULT now(),
  updated_at     timestamptz NOT NULL DEFAULT now(),
  CHECK (array_position(tenants, NULL) IS NULL),
  CHECK (CASE kind WHEN 'operator' THEN cardinality(tenants) = 0
                   WHEN 'analyst' THEN cardinality(tenants) >= 1
                   ELSE cardinality(tenants) = 1 END)
);

CREATE FUNCTION ${schema}.touch() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END $$;

CREATE FUNCTION ${schema}.announce_catalog() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify(${catalogChannel}, '');
  RETURN NULL;
END $$;

CREATE TRIGGER touch BEFORE UPDATE ON ${schema}.tenants FOR EACH ROW EXECUTE FUNCTION ${schema}.touch();
CREATE TRIGGER touch BEFORE UPDATE ON ${schema}.logins FOR EACH ROW EXECUTE FUNCTION ${schema}.touch();
CREATE TRIGGER announce AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${schema}.tenants
  FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.announce_catalog();
CREATE TRIGGER announce AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${schema}.logins
  FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.announce_catalog();
`,
}
