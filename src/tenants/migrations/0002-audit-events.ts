import type { Migration } from './migration.js'

/** The audit table: partitioned by day, each row chained to the one before by `hash`; see audit/event.ts for the columns. */
export const auditEvents: Migration = {
  version: 2,
  name: 'audit events',
  sql: ({ schema }) => `
CREATE TABLE ${schema}.audit_events (
  at               timestamptz NOT NULL DEFAULT now(),
  id               bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  kind             text NOT NULL,
  incident         text NOT NULL,
  tenant           text,
  login            text,
  login_kind       text,
  client_address   text NOT NULL,
  application_name text,
  sqlstate         text NOT NULL,
  reason           text NOT NULL,
  message          text,
  position         integer,
  fingerprint      text,
  sql              text,
  cause            text,
  previous_hash    bytea,
  hash             bytea,
  PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);

CREATE TABLE ${schema}.audit_events_default PARTITION OF ${schema}.audit_events DEFAULT;
CREATE INDEX audit_events_incident ON ${schema}.audit_events (incident);
CREATE INDEX audit_events_tenant ON ${schema}.audit_events (tenant, at);
`,
}
