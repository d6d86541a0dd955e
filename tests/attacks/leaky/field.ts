import type { Policy } from '../../../src/policy/policy.js'
import { relationKey } from '../../../src/schema/relation.js'
import { type TestDatabase, testDatabase } from '../../support/database.js'
import type { Server } from '../../support/servers.js'
import { POLICY } from '../../support/world/scoping.js'
import { CASTS } from './casts.js'
import { type Construct, construct } from './construct.js'
import { FUNCTIONS } from './functions.js'
import { OPERATORS } from './operators.js'

export const CONSTRUCTS: readonly Construct[] = [...CASTS, ...FUNCTIONS, ...OPERATORS].map(construct)

/** The column that holds a construct's values. */
export function columnOf(wanted: Construct): string {
  return `c${CONSTRUCTS.indexOf(wanted)}`
}

export const LEAKY_POLICY: Policy = {
  ...POLICY,
  relations: new Map([
    [relationKey('public', 'countries'), { access: 'shared' }],
    [
      relationKey('public', 'child'),
      { access: 'via', column: 'leaky_id', references: { schema: 'public', name: 'leaky', column: 'id' } },
    ],
  ]),
}

/** One database that tenants share, in which only tenant 7's values are good, and one with tenant 7's rows alone. */
export interface Field {
  readonly shared: TestDatabase
  readonly twin: TestDatabase
  readonly major: number
}

export async function openField(server: Server): Promise<Field> {
  const probe = await testDatabase({ server })
  const { rows } = await probe.query('SHOW server_version_num')
  await probe.drop()
  const major = Math.floor(Number(rows[0]?.server_version_num) / 10_000)
  return {
    shared: await testDatabase({ server, sql: fieldSql(major, ['8', '9', '7']) }),
    twin: await testDatabase({ server, sql: fieldSql(major, ['7']) }),
    major,
  }
}

/** Other tenants' rows come first, so that whatever reads them all meets those before its own. */
function fieldSql(major: number, tenants: readonly string[]): string {
  const known = CONSTRUCTS.filter(({ since }) => since <= major)
  const columns = known.map((each) => `${columnOf(each)} ${each.type}`).join(', ')
  const names = known.map(columnOf).join(', ')
  const values = (tenant: string) =>
    known.map(({ type, own, other }) => `(${tenant === '7' ? own : other})::${type}`).join(', ')
  const rows = tenants.map(
    (tenant) =>
      `INSERT INTO leaky (id, tenant_id, tag, amount, label, moment, ${names}) SELECT ${tenant} * 10 + n, '${tenant}', 'NL', 1, 'a', '2024-01-01', ${values(tenant)} FROM generate_series(1, 3) n;`,
  )
  return `
    CREATE TYPE mood AS ENUM ('low', 'high');
    CREATE TYPE pair AS (a int, b int);
    CREATE DOMAIN adult AS int CHECK (VALUE BETWEEN 18 AND 150);
    CREATE DOMAIN small_numbers AS int[] CHECK (VALUE[1] < 100);
    CREATE SEQUENCE ticket;
    CREATE TABLE countries (code text);
    INSERT INTO countries VALUES ('NL');
    CREATE TABLE leaky (id int PRIMARY KEY, tenant_id text NOT NULL, tag text, amount numeric(5, 2), label varchar(20), moment timestamp(3), ${columns});
    ${rows.join('\n')}
    CREATE TABLE keyed (LIKE leaky, UNIQUE (id));
    INSERT INTO keyed SELECT * FROM leaky;
    CREATE TABLE indexed (LIKE leaky);
    INSERT INTO indexed SELECT * FROM leaky;
    CREATE INDEX ON indexed (tenant_id, id);
    CREATE TABLE parted (LIKE leaky) PARTITION BY RANGE (id);
    CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (0) TO (72);
    CREATE TABLE parted_high PARTITION OF parted FOR VALUES FROM (72) TO (1000);
    INSERT INTO parted SELECT * FROM leaky;
    CREATE TABLE parent (LIKE leaky);
    CREATE TABLE heir () INHERITS (parent);
    INSERT INTO heir SELECT * FROM leaky;
    CREATE VIEW seen AS SELECT id, tenant_id, tag, ${names} FROM leaky;
    CREATE MATERIALIZED VIEW kept AS SELECT * FROM leaky;
    CREATE TABLE child (id int, leaky_id int NOT NULL REFERENCES leaky (id), ${columns});
    INSERT INTO child SELECT id, id, ${names} FROM leaky;
    CREATE TABLE sink (id int, tenant_id text);
    GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC;
    GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO PUBLIC;
    ANALYZE;`
}
