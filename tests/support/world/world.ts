import { readFileSync } from 'node:fs'
import { type TestDatabase, type TestRole, testDatabase } from '../database.js'
import type { Server } from '../servers.js'

/** The tenant that asks; the rows of all others carry markers. */
export const TENANT = '7'

/** What no byte that tenant 7 receives may contain: the word, a number or a year of another tenant's. */
export const CANARY = /kanarie|8877\d{4}|8877-\d\d|88771/

/** One database that several tenants share, and one that holds tenant 7's rows only. */
export interface World {
  readonly shared: TestDatabase
  readonly twin: TestDatabase
  /** The role that statements run as: it may read and write everything in `public`. */
  readonly role: TestRole
  /** The role's connection string to the twin. */
  readonly twinUrl: string
  close(): Promise<void>
}

export async function openWorld(server?: Server): Promise<World> {
  const options = server === undefined ? {} : { server }
  const shared = await testDatabase({ ...options, sql: worldSql(['7', '8', '9']) })
  const twin = await testDatabase({ ...options, sql: worldSql([TENANT]) + TWIN_DEFAULTS })
  const role = await shared.createRole()
  const twinUrl = new URL(role.url)
  twinUrl.pathname = `/${twin.name}`
  return {
    shared,
    twin,
    role,
    twinUrl: twinUrl.href,
    async close() {
      await twin.drop()
      await shared.drop()
    },
  }
}

/** A private database needs no gateway to know whose a new row is. */
const TWIN_DEFAULTS = `
DO $$
DECLARE r record;
BEGIN
  FOR r IN SELECT attrelid::regclass AS relation, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') AND attname IN ('tenant_id', 'org') AND attnum > 0
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER %I SET DEFAULT ''${TENANT}''', r.relation, r.attname);
  END LOOP;
END $$;
`

function worldSql(tenants: readonly string[]): string {
  const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
  return read('schema.sql') + read('rows.sql').replaceAll('{tenants}', `{${tenants.join(',')}}`)
}
