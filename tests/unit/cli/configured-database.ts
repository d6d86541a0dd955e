import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestDatabase, testDatabase } from '../../support/database.js'
import { type Outcome, tenantgate } from './fake-terminal.js'

/** A database with a configuration file for it; the gateway's role has a name and a password of its own. */
export interface ConfiguredDatabase {
  readonly database: TestDatabase
  readonly role: string
  /** The configuration file; its ports are free ones. */
  readonly file: string
  /** As the gateway's role. */
  readonly upstreamUrl: string
  /** Runs a command with `--config`. */
  command(argv: readonly string[], input?: string): Promise<Outcome>
  drop(): Promise<void>
}

const SCHEMA = `
CREATE TABLE orders (tenant_id text NOT NULL, id serial PRIMARY KEY, note text);
CREATE TABLE lines (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders (id), amount int);
CREATE TABLE countries (code text PRIMARY KEY);
CREATE TABLE secrets (key text);
CREATE VIEW totals AS SELECT o.tenant_id, sum(l.amount) AS total FROM orders o JOIN lines l ON l.order_id = o.id GROUP BY o.tenant_id;
CREATE VIEW leaky AS SELECT o.tenant_id, s.key FROM orders o CROSS JOIN secrets s;
`

export async function configuredDatabase(): Promise<ConfiguredDatabase> {
  const database = await testDatabase({ sql: SCHEMA })
  const folder = await mkdtemp(join(tmpdir(), 'tenantgate-cli-'))
  const file = join(folder, 'gate.yaml')
  const role = `gate_${database.name}`
  const url = new URL(database.url)
  url.username = role
  url.password = 'p%40ss/word'
  const relations = {
    'public.countries': { access: 'shared' },
    'public.lines': { access: 'via', column: 'order_id', references: 'public.orders.id' },
  }
  await writeFile(
    file,
    JSON.stringify({
      listen: { port: 0 },
      admin: { port: 0 },
      upstream: { url: url.href, operatorUrl: database.url },
      policy: { relations, rowSecurity: true },
    }),
  )
  return {
    database,
    role,
    file,
    upstreamUrl: url.href,
    command: (argv, input) => tenantgate([...argv, '--config', file], input),
    drop: async () => {
      await database.query(`DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN
        EXECUTE 'DROP OWNED BY ${role}'; EXECUTE 'DROP ROLE ${role}'; END IF; END $$`)
      await database.drop()
      await rm(folder, { recursive: true })
    },
  }
}
