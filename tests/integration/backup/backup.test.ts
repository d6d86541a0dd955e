import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../support/database.js'
import { hasProgram } from '../../support/programs.js'
import { run } from '../../support/run.js'
import { systemServer } from '../../support/servers.js'
import { type WholeGateway, wholeGateway } from '../../support/whole-gateway.js'

const SCHEMA = readFileSync(new URL('schema.sql', import.meta.url), 'utf8')
const CANARY = /kanarie|8877\d{4}/
const RELATIONS = {
  'public.countries': { access: 'shared' },
  'public.lines': { access: 'via', column: 'order_id', references: 'public."Odd Orders".Id' },
}
const OWN = [
  'countries',
  'customers',
  '"Odd Orders"',
  'lines',
  'events',
  'events_2025',
  'events_rest',
  'assets',
  'ONLY assets',
  'vehicles',
  'reports.daily',
  'open_customers',
  'tenantgate.tenants',
]
const server = systemServer()

describe.runIf(server !== undefined && hasProgram('pg_dump'))('pg_dump as a tenant', () => {
  const restored: TestDatabase[] = []
  let database: TestDatabase
  let whole: WholeGateway
  let gateway: Client
  let folder: string

  beforeAll(async () => {
    database = await testDatabase({ ...(server === undefined ? {} : { server }), sql: SCHEMA })
    whole = await wholeGateway(database, { policy: { relations: RELATIONS } })
    gateway = await connect(whole.url('acme'))
    folder = await mkdtemp(join(tmpdir(), 'tenantgate-backup-'))
  })
  afterAll(async () => {
    await gateway?.end()
    await whole?.stop()
    for (const each of [...restored, database]) await each.drop()
    await rm(folder, { recursive: true })
  })

  /** What pg_dump writes and says; nothing of it may be another tenant's. */
  async function dump(
    ...options: readonly string[]
  ): Promise<{ readonly sql: string; readonly said: string }> {
    const { code, stdout, stderr } = await run('pg_dump', [...options, whole.url('acme')])
    expect([stderr, code]).toEqual([expect.not.stringMatching(/error|fatal/), 0])
    expect(stdout).not.toMatch(CANARY)
    expect(stderr).not.toMatch(CANARY)
    return { sql: stdout, said: stderr }
  }

  async function empty(sql?: string): Promise<TestDatabase> {
    const created = await testDatabase({
      ...(server === undefined ? {} : { server }),
      ...(sql === undefined ? {} : { sql }),
    })
    restored.push(created)
    return created
  }

  async function restore(sql: string, into: TestDatabase): Promise<void> {
    const { code, stderr } = await run('psql', ['-Xq', '-v', 'ON_ERROR_STOP=1', into.url], { input: sql })
    expect([stderr, code]).toEqual(['', 0])
  }

  async function expectOwnRows(into: TestDatabase, relations: readonly string[] = OWN): Promise<void> {
    for (const relation of relations) {
      const rows = `SELECT * FROM ${relation} t ORDER BY t::text COLLATE "C"`
      const expected = (await gateway.query(rows)).rows
      expect(expected).not.toEqual([])
      expect([relation, (await into.query(rows)).rows]).toEqual([relation, expected])
    }
  }

  test('of everything restores into an empty database, and the database works', async () => {
    const { sql } = await dump('--no-owner', '--no-acl')
    const into = await empty()
    await restore(sql, into)
    await expectOwnRows(into)
    const none = await into.query(
      'SELECT (SELECT count(*) FROM secrets) + (SELECT count(*) FROM leads) + (SELECT count(*) FROM tenantgate.logins) AS n',
    )
    expect(none.rows).toEqual([{ n: '0' }])
    expect((await into.query('SELECT name FROM customer_names ORDER BY 1')).rows).toHaveLength(6)
    await into.query(`INSERT INTO customers (tenant_id, name) VALUES ('acme', 'new')`)
    await into.query(`INSERT INTO "Odd Orders" (tenant_id) VALUES ('acme')`)
    const next = await into.query(
      `SELECT max(id)::int - (SELECT max(id) FROM customers WHERE name <> 'new')::int AS step FROM customers`,
    )
    expect(next.rows).toEqual([{ step: 1 }])
  })

  test('names, when it is asked to say what it does, each table of which it got no rows', async () => {
    const { said } = await dump('--verbose', '--data-only', '--exclude-schema=tenantgate')
    const told = said.matchAll(
      /WARNING: {2}relation "(\S+)" is not available to this login \(incident \w+\)$/gm,
    )
    expect([...told].map(([, name]) => name).sort()).toEqual(['public.leads_1', 'public.secrets'])
  })

  test('by a login that may only read is the same', async () => {
    await whole.logins.add({
      name: 'acme_reader',
      kind: 'reader',
      tenants: ['acme'],
      password: 'of a reader',
    })
    const url = new URL(whole.url('acme'))
    url.username = 'acme_reader'
    url.password = 'of a reader'
    await expect
      .poll(() =>
        connect(url.href).then(
          (client) => client.end().then(() => true),
          () => false,
        ),
      )
      .toBe(true)
    const { stdout } = await run('pg_dump', ['--data-only', url.href])
    expect(withoutKeys(stdout)).toBe(withoutKeys((await dump('--data-only')).sql))
  })

  test('in parallel is refused: its sessions would have to share a snapshot', async () => {
    const options = ['--format=directory', '--jobs=2', `--file=${join(folder, 'parallel')}`]
    const { code, stderr } = await run('pg_dump', [...options, whole.url('acme')])
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('pg_export_snapshot is not available to this login'),
    ])
  })

  test('of the data alone restores into a database that has the schema', async () => {
    const { sql } = await dump('--data-only')
    const schema = await run('pg_dump', ['--schema-only', '--no-owner', '--no-acl', database.url])
    const into = await empty()
    await restore(schema.stdout, into)
    await restore(sql, into)
    await expectOwnRows(into)
  })

  test('in the custom format restores with pg_restore', async () => {
    const file = join(folder, 'acme.dump')
    await dump('--format=custom', '--compress=0', `--file=${file}`)
    expect(await readFile(file, 'latin1')).not.toMatch(CANARY)
    const into = await empty()
    const outcome = await run('pg_restore', [
      '--no-owner',
      '--no-acl',
      '--exit-on-error',
      `--dbname=${into.url}`,
      file,
    ])
    expect(outcome).toEqual({ code: 0, stdout: '', stderr: '' })
    await expectOwnRows(into)
  })

  test.each([
    [
      [
        '--inserts',
        '--exclude-table=public.secrets',
        '--exclude-table=leads*',
        '--exclude-schema=tenantgate',
      ],
    ],
    [
      [
        '--column-inserts',
        '--rows-per-insert=3',
        '--schema=public',
        '--exclude-table=public.secrets',
        '--exclude-table=leads*',
      ],
    ],
    [['--serializable-deferrable']],
    [['--schema-only']],
    [['--section=data']],
    [['--clean', '--if-exists', '--create']],
    [['--table=customers']],
    [['--schema=reports']],
    [['--enable-row-security']],
    [['--load-via-partition-root']],
    [['--quote-all-identifiers']],
  ])('with %s', async (options) => {
    await dump(...options)
  })
})

/** psql's restricted mode is left by a key that pg_dump makes up each time. */
function withoutKeys(sql: string): string {
  return sql.replaceAll(/^(\\(?:un)?restrict) \w+$/gm, '$1')
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  await client.connect()
  return client
}
