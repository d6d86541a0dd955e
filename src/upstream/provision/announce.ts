import { channelsOf } from '../../tenants/channels.js'
import { quoteIdentifier, quoteLiteral } from '../../tenants/quote.js'
import type { Step } from './step.js'

/**
 * Event triggers that announce schema changes to every gateway; temporary objects are nobody else's business.
 *
 * They need a superuser: where the operator is none, the gateways' poll finds a change some seconds later.
 */
export function announceStep(controlSchema: string): Step {
  const schema = quoteIdentifier(controlSchema)
  const channel = quoteLiteral(channelsOf(controlSchema).schema)
  const [onChange, onDrop] = [`${controlSchema}_ddl`, `${controlSchema}_drop`]
  return {
    title: 'announcement of schema changes',
    sql: `CREATE OR REPLACE FUNCTION ${schema}.announce_schema() RETURNS event_trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  matters boolean;
BEGIN
  IF tg_event = 'sql_drop' THEN
    SELECT bool_or(NOT is_temporary) INTO matters FROM pg_event_trigger_dropped_objects();
  ELSE
    SELECT bool_or(schema_name IS DISTINCT FROM 'pg_temp') INTO matters FROM pg_event_trigger_ddl_commands();
  END IF;
  IF matters THEN
    PERFORM pg_notify(${channel}, '');
  END IF;
END $fn$;
DO $do$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtname = ${quoteLiteral(onChange)}) THEN
    CREATE EVENT TRIGGER ${quoteIdentifier(onChange)} ON ddl_command_end EXECUTE FUNCTION ${schema}.announce_schema();
  END IF;
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtname = ${quoteLiteral(onDrop)}) THEN
    CREATE EVENT TRIGGER ${quoteIdentifier(onDrop)} ON sql_drop EXECUTE FUNCTION ${schema}.announce_schema();
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'event triggers need a superuser: schema changes will be found by polling';
END $do$;`,
  }
}
