import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { hasProgram } from '../support/programs.js'
import { run } from '../support/run.js'
import { availableServers } from '../support/servers.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'

const SQL = `
CREATE TABLE orders (tenant_id text NOT NULL, id int PRIMARY KEY, note text);
CREATE TABLE secrets (id int PRIMARY KEY, word text);
INSERT INTO orders VALUES ('acme', 1, 'a'), ('globex', 2, 'g');
INSERT INTO secrets VALUES (1, 'sesame');
`
const MAX = 3

describe.each(availableServers())('an operator, on PostgreSQL $label', (server) => {
  let database: TestDatabase
  let gate: WholeGateway
  let clients: Client[] = []

  beforeAll(async () => {
    database = await testDatabase({ server, sql: SQL })
    gate = await wholeGateway(database, { upstream: { operators: { max: MAX } } })
    await gate.logins.add({ name: 'root', kind: 'operator', tenants: [], password: gate.password })
    await gate.gateway.refresh()
  })
  beforeEach(() => database.query('DELETE FROM tenantgate.audit_events'))
  afterEach(async () => {
    for (const client of clients) await client.end()
    clients = []
    await expect.poll(sessions, { timeout: 30_000 }).toBe(0)
  })
  afterAll(async () => {
    await gate?.stop()
    await database?.drop()
  })

  /** Server connections of operators, by the name that their clients give themselves. */
  async function sessions(): Promise<unknown> {
    const { rows } = await database.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'ops' AND usename = current_user",
    )
    return rows[0]?.n
  }

  async function connected(login = 'root', options = ''): Promise<Client> {
    const client = new Client({ connectionString: gate.loginUrl(login), application_name: 'ops', options })
    client.on('error', () => {})
    await client.connect()
    clients.push(client)
    return client
  }

  async function audited(): Promise<readonly unknown[]> {
    const { rows } = await database.query(
      "SELECT sql FROM tenantgate.audit_events WHERE kind = 'statement' AND login = 'root' ORDER BY id",
    )
    return rows.map(({ sql }) => sql)
  }

  test('sees everything, and what it makes a tenant can use within a moment', async () => {
    const root = await connected()
    const { rows } = await root.query('SELECT id FROM orders ORDER BY id')
    expect([rows, (await root.query('SELECT word FROM secrets')).rows]).toEqual([
      [{ id: 1 }, { id: 2 }],
      [{ word: 'sesame' }],
    ])
    await root.query('CREATE TABLE parcels (tenant_id text NOT NULL, id int PRIMARY KEY)')
    await root.query('GRANT SELECT, INSERT ON parcels TO PUBLIC')
    const acme = await connected('acme_app')
    await expect
      .poll(() => acme.query('INSERT INTO parcels (id) VALUES (7)').catch(() => null), { timeout: 30_000 })
      .not.toBeNull()
    expect((await root.query('SELECT * FROM parcels')).rows).toEqual([{ tenant_id: 'acme', id: 7 }])
    await root.query('DROP TABLE parcels')
  })

  test('has a session of its own, and whatever settings it likes', async () => {
    const root = await connected('root', '-c search_path=pg_catalog -c work_mem=3MB')
    const shown = async (name: string) => (await root.query(`SHOW ${name}`)).rows[0]?.[name]
    expect([await shown('search_path'), await shown('work_mem')]).toEqual(['pg_catalog', '3MB'])
    await root.query('SET search_path TO public')
    await root.query("SET work_mem TO '5MB'; SET ROLE pg_monitor")
    expect((await root.query('SELECT current_user')).rows).toEqual([{ current_user: 'pg_monitor' }])
    await root.query('RESET ROLE; RESET search_path')
    expect(await shown('search_path')).toBe('pg_catalog')
    const other = await connected()
    expect((await other.query('SELECT current_setting($1) AS m', ['work_mem'])).rows[0]?.m).not.toBe('5MB')
    const acme = await connected('acme_app')
    await expect(acme.query('SHOW work_mem')).rejects.toMatchObject({ code: '42501' })
  })

  test('hears what is notified, and keeps temporary tables and cursors', async () => {
    const root = await connected()
    const heard = new Promise((resolve) =>
      root.once('notification', ({ channel, payload }) => resolve([channel, payload])),
    )
    await root.query('LISTEN events')
    await root.query("NOTIFY events, 'now'")
    expect(await heard).toEqual(['events', 'now'])
    await root.query('CREATE TEMP TABLE mine AS SELECT 1 AS one')
    await root.query('DECLARE c CURSOR WITH HOLD FOR SELECT * FROM mine')
    expect((await root.query('FETCH ALL FROM c')).rows).toEqual([{ one: 1 }])
  })

  test('gets the errors of the server as they are, with their position', async () => {
    const root = await connected()
    await expect(root.query('SELECT id, nonsense FROM orders')).rejects.toMatchObject({
      code: '42703',
      position: '12',
      routine: expect.any(String),
    })
    await expect(root.query('FROBNICATE orders')).rejects.toMatchObject({ code: '42601', position: '1' })
    expect((await root.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  })

  test('has every statement written down, those that fail and those that nobody understands too', async () => {
    const root = await connected()
    await root.query("SELECT word FROM secrets WHERE word = 'sesame'; SELECT 2")
    await root.query({ name: 'named', text: 'SELECT id FROM orders WHERE id = $1', values: [1] })
    await root.query({ name: 'named', text: 'SELECT id FROM orders WHERE id = $1', values: [2] })
    await root.query("ALTER ROLE nobody_of_that_name PASSWORD 'hunter2'").catch(() => {})
    await root.query("FROBNICATE 'hunter2' hunter3").catch(() => {})
    await expect
      .poll(audited, { timeout: 30_000 })
      .toEqual([
        'SELECT word FROM secrets WHERE word = ?; SELECT ?',
        'SELECT id FROM orders WHERE id = $1',
        'SELECT id FROM orders WHERE id = $1',
        'ALTER ROLE nobody_of_that_name PASSWORD ?',
        '? ? ?',
      ])
    const { rows } = await database.query(
      `SELECT DISTINCT tenant, login_kind, client_address, application_name, sqlstate, reason
       FROM tenantgate.audit_events WHERE login = 'root'`,
    )
    expect(rows).toEqual([
      {
        tenant: null,
        login_kind: 'operator',
        client_address: '127.0.0.1',
        application_name: 'ops',
        sqlstate: '00000',
        reason: 'FORWARDED',
      },
    ])
  })

  test('has transactions, rolled back where it fails or leaves, with DDL in them', async () => {
    const root = await connected()
    await root.query('BEGIN')
    await root.query('CREATE TABLE half (id int)')
    await expect(root.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' })
    await expect(root.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' })
    await root.query('ROLLBACK')
    await root.query('BEGIN; CREATE TABLE half (id int)')
    await clients.pop()?.end()
    expect((await database.query("SELECT to_regclass('half') AS half")).rows).toEqual([{ half: null }])
  })

  test('is cancelled by its own key, and its server connection ends with it', async () => {
    const root = await connected()
    const asleep = root.query('SELECT pg_sleep(60)').catch((error: { code: string }) => error.code)
    const canceller = new Client({ connectionString: gate.loginUrl('root') })
    await expect
      .poll(
        async () =>
          (
            await database.query(
              "SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND state = 'active' AND application_name = 'ops'",
            )
          ).rows.length,
        { timeout: 30_000 },
      )
      .toBe(1)
    // the hook by which `pg` cancels
    ;(canceller as unknown as { cancel(client: Client, query: object): void }).cancel(
      root,
      (root as unknown as { activeQuery: object }).activeQuery,
    )
    expect(await asleep).toBe('57014')
  })

  test('waits for nobody where there are enough: the next one is sent away', async () => {
    for (let i = 0; i < MAX; i++) await connected()
    await expect(connected()).rejects.toMatchObject({ code: '53300' })
    await clients.pop()?.end()
    await expect.poll(() => connected().catch(() => null), { timeout: 30_000 }).not.toBeNull()
  })

  test('is let in by the rules for everybody: database, settings, login', async () => {
    const failure = (change: (url: URL) => void) => {
      const url = new URL(gate.loginUrl('root'))
      change(url)
      return expect(new Client({ connectionString: url.href }).connect()).rejects
    }
    await failure((url) => {
      url.pathname = '/postgres'
    }).toMatchObject({ code: '3D000' })
    await failure((url) => {
      url.password = 'wrong'
    }).toMatchObject({ code: '28P01' })
    await failure((url) => url.searchParams.set('options', '-c work_mem=nonsense')).toMatchObject({
      code: '22023',
    })
    await failure((url) => url.searchParams.set('replication', 'database')).toMatchObject({ code: '0A000' })
    const root = await connected()
    const ended = new Promise((resolve) => root.once('end', resolve))
    await gate.logins.setDisabled('root', true)
    await gate.gateway.refresh()
    await ended
    await failure(() => {}).toMatchObject({ code: '28P01' })
    await gate.logins.setDisabled('root', false)
    await gate.gateway.refresh()
  })

  test.runIf(hasProgram('psql') && server.label.endsWith('system'))(
    'works with psql: descriptions, \\copy, and its prompt',
    async () => {
      const psql = (...commands: readonly string[]) =>
        run('psql', ['-XAt', ...commands.flatMap((command) => ['-c', command]), gate.loginUrl('root')], {
          input: '9\tnine\n',
        })
      expect((await psql('\\d secrets')).stdout).toContain('word|text')
      expect((await psql('\\copy secrets FROM STDIN', 'SELECT word FROM secrets WHERE id = 9')).stdout).toBe(
        'COPY 1\nnine\n',
      )
      expect(
        (await psql('COPY (SELECT 5) TO STDOUT', 'VACUUM secrets', 'DELETE FROM secrets WHERE id = 9'))
          .stdout,
      ).toBe('5\nVACUUM\nDELETE 1\n')
    },
  )

  test.runIf(hasProgram('pg_dump') && server.label.endsWith('system'))(
    'dumps everybody’s rows with pg_dump, and loads them with psql',
    async () => {
      const { stdout: dump } = await run('pg_dump', ['--table', 'orders', gate.loginUrl('root')])
      expect(dump).toContain('acme\t1\ta\nglobex\t2\tg\n')
      const loaded = dump
        .replaceAll('public.orders', 'public.copied')
        .replaceAll('orders_pkey', 'copied_pkey')
      await run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', gate.loginUrl('root')], { input: loaded })
      const { rows } = await database.query('SELECT tenant_id FROM copied ORDER BY id')
      expect(rows).toEqual([{ tenant_id: 'acme' }, { tenant_id: 'globex' }])
    },
  )
})
