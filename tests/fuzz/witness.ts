import type { TestDatabase } from '../support/database.js'
import { TENANT } from '../support/world/world.js'

/**
 * Has the database itself cry out when a statement writes another tenant's row: its message then reaches the client, and
 * the statement fails. A child without the column is its parent's.
 */
export async function placeWitnesses(database: TestDatabase): Promise<void> {
  await database.query(`
    CREATE FUNCTION public.tg_witness() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    DECLARE owner text;
    BEGIN
      IF TG_ARGV[0] = 'invoice_id' THEN
        SELECT string_agg(tenant_id, '') INTO owner FROM public.invoices WHERE id IN (OLD.invoice_id, NEW.invoice_id);
        owner := replace(owner, '${TENANT}', '');
      ELSE
        owner := concat(to_jsonb(OLD) ->> TG_ARGV[0], to_jsonb(NEW) ->> TG_ARGV[0]);
        owner := replace(owner, '${TENANT}', '');
      END IF;
      IF owner <> '' THEN RAISE EXCEPTION 'a row of another tenant was written: kanarie'; END IF;
      RETURN NULL;
    END $$;
    DO $$
    DECLARE r record;
    BEGIN
      FOR r IN SELECT a.attrelid::regclass AS relation, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
          AND (a.attname IN ('tenant_id', 'org') OR c.relname = 'lines' AND a.attname = 'invoice_id')
      LOOP
        EXECUTE format('CREATE TRIGGER tg_witness AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION public.tg_witness(%L)', r.relation, r.attname);
      END LOOP;
    END $$;`)
}
