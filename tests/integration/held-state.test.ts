import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { availableServers } from '../support/servers.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'
import { say, WireClient } from '../support/wire-client.js'

const SQL = `
CREATE TABLE notes (id int, title text, tenant_id text NOT NULL);
INSERT INTO notes VALUES (1, 'one', 'acme'), (2, 'two', 'acme'), (3, 'kanarie', 'globex');`

describe.each(availableServers())('what a server connection holds for its session, on $label', (server) => {
  let database: TestDatabase
  let gateway: WholeGateway
  const open: Client[] = []

  beforeAll(async () => {
    database = await testDatabase({ server, sql: SQL })
    gateway = await wholeGateway(database, {
      policy: { relations: {} },
      upstream: { pool: { max: 1 } },
    })
  })
  afterEach(async () => {
    for (const client of open.splice(0)) await client.end()
  })
  afterAll(async () => {
    await gateway.stop()
    await database.drop()
  })

  async function connect(tenant: string): Promise<Client> {
    const client = new Client({ connectionString: gateway.url(tenant) })
    client.on('error', () => {})
    await client.connect()
    open.push(client)
    return client
  }

  async function titles(client: Client, text: string): Promise<readonly unknown[]> {
    return (await client.query(text)).rows.map((row) => row.title)
  }

  test('a cursor WITH HOLD goes on behind its transaction, and its connection is clean for the next session', async () => {
    const acme = await connect('acme')
    await acme.query('BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT title FROM notes ORDER BY id; COMMIT')
    expect(await titles(acme, 'FETCH 1 FROM c')).toEqual(['one'])
    const globex = await connect('globex')
    const waiting = globex.query('FETCH ALL FROM c')
    const failing = expect(waiting).rejects.toMatchObject({ code: '34000' })
    expect(await titles(acme, 'FETCH 5 FROM c')).toEqual(['two'])
    await acme.query('CLOSE c')
    await failing
    expect(await titles(globex, 'SELECT title FROM notes')).toEqual(['kanarie'])
  })

  test('a cursor WITH HOLD of a transaction that failed holds nothing', async () => {
    const acme = await connect('acme')
    await acme.query('BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT title FROM notes; ROLLBACK')
    const globex = await connect('globex')
    expect(await titles(globex, 'SELECT title FROM notes')).toEqual(['kanarie'])
    await expect(acme.query('FETCH c')).rejects.toMatchObject({ code: '34000' })
  })

  test('is gone when the session leaves', async () => {
    const acme = await connect('acme')
    await acme.query('DECLARE c CURSOR WITH HOLD FOR SELECT title FROM notes')
    await open.splice(0)[0]?.end()
    const globex = await connect('globex')
    await expect(globex.query('FETCH c')).rejects.toMatchObject({ code: '34000' })
  })

  test('WHERE CURRENT OF changes the row that a cursor of the session is at', async () => {
    const acme = await connect('acme')
    await acme.query('BEGIN; DECLARE c CURSOR FOR SELECT * FROM notes ORDER BY id FOR UPDATE; MOVE 2 FROM c')
    await acme.query("UPDATE notes SET title = 'zwei' WHERE CURRENT OF c")
    expect(await titles(acme, 'SELECT title FROM notes ORDER BY id')).toEqual(['one', 'zwei'])
    await acme.query('ROLLBACK')
    await acme.query('BEGIN; DECLARE c CURSOR FOR SELECT * FROM notes; MOVE 1 FROM c')
    await acme.query('DELETE FROM notes WHERE CURRENT OF c')
    expect(await titles(acme, 'SELECT title FROM notes')).toEqual(['two'])
    await acme.query('ROLLBACK')
  })

  test('DISCARD ALL forgets settings and prepared statements, and what stands behind it finds them gone', async () => {
    const client = await WireClient.connect(gateway.url('acme'))
    await client.send(say.query("SET DateStyle TO 'German'")).ready()
    await client.send(say.parse('p', 'SELECT title FROM notes WHERE id = 1'), say.sync).ready()
    client.send(say.query('DISCARD ALL'), say.bind('', 'p'), say.execute(''), say.sync)
    expect((await client.ready()).join()).toContain('"DISCARD ALL"')
    expect((await client.ready()).join()).toContain('26000')
    expect((await client.send(say.query("SELECT date '2024-05-06'")).ready()).join()).toContain('2024-05-06')
    client.send(
      say.parse('p', 'SELECT title FROM notes WHERE id = 1'),
      say.bind('', 'p'),
      say.execute(''),
      say.sync,
    )
    expect((await client.ready()).join()).toContain('one')
    client.close()
  })

  test('DISCARD ALL is refused inside a transaction, as the server does', async () => {
    const acme = await connect('acme')
    await acme.query('BEGIN')
    await expect(acme.query('DISCARD ALL')).rejects.toMatchObject({ code: '25001' })
    await acme.query('ROLLBACK')
  })

  describe('temporary tables', () => {
    test('belong to one session, go on behind their transaction, and hide the relation of the same name', async () => {
      const acme = await connect('acme')
      await acme.query('CREATE TEMP TABLE notes (id int, title text)')
      await acme.query("INSERT INTO notes VALUES (9, 'mine')")
      expect(await titles(acme, 'SELECT title FROM notes')).toEqual(['mine'])
      expect(await titles(acme, 'SELECT title FROM public.notes ORDER BY id')).toEqual(['one', 'two'])
      const globex = await connect('globex')
      const waiting = titles(globex, 'SELECT title FROM notes')
      await acme.query('DROP TABLE notes')
      expect(await waiting).toEqual(['kanarie'])
      expect(await titles(acme, 'SELECT title FROM notes ORDER BY id')).toEqual(['one', 'two'])
    })

    test('are filled by queries over the tenant’s rows, and fill the tenant’s tables', async () => {
      const acme = await connect('acme')
      await acme.query('BEGIN')
      await acme.query('CREATE TEMP TABLE stage ON COMMIT DROP AS SELECT id + 10 AS id, title FROM notes')
      await acme.query('INSERT INTO notes (id, title) SELECT id, title FROM stage')
      const { rows } = await acme.query('SELECT id, tenant_id FROM notes ORDER BY id')
      expect(rows.map(({ id, tenant_id }) => `${id} ${tenant_id}`)).toEqual([
        '1 acme',
        '2 acme',
        '11 acme',
        '12 acme',
      ])
      await acme.query('DELETE FROM notes USING stage WHERE notes.id = stage.id')
      await acme.query('COMMIT')
      await expect(acme.query('SELECT * FROM stage')).rejects.toMatchObject({ code: '42501' })
    })

    test('are used by prepared statements of the protocol, in a pipeline with what makes them', async () => {
      const client = await WireClient.connect(gateway.url('acme'))
      client.send(
        say.query('SELECT title INTO TEMP picked FROM notes WHERE id = 2'),
        say.parse('p', 'SELECT title FROM picked'),
        say.bind('', 'p'),
        say.execute(''),
        say.sync,
        say.query('DROP TABLE picked'),
        say.bind('', 'p'),
        say.execute(''),
        say.sync,
      )
      expect((await client.ready()).join()).toContain('SELECT 1')
      expect((await client.ready()).join()).toContain('two')
      expect((await client.ready()).join()).toContain('DROP TABLE')
      expect((await client.ready()).join()).toContain('42501')
      client.close()
    })

    test('that a rollback or a savepoint takes back are gone', async () => {
      const acme = await connect('acme')
      await acme.query('BEGIN; SAVEPOINT s; CREATE TEMP TABLE gone (id int)')
      await acme.query('SELECT * FROM gone')
      await acme.query('ROLLBACK TO s')
      await expect(acme.query('SELECT * FROM gone')).rejects.toMatchObject({ code: '42501' })
      await acme.query('ROLLBACK')
      const globex = await connect('globex')
      expect(await titles(globex, 'SELECT title FROM notes')).toEqual(['kanarie'])
    })

    test('don’t stand before types and functions of the same name', async () => {
      const acme = await connect('acme')
      await acme.query('CREATE TEMP TABLE text (id int); CREATE TEMP TABLE int8 (id int)')
      expect(
        (await acme.query(`SELECT pg_typeof('1'::"int8")::text AS t, pg_typeof('x'::"text")::text AS u`))
          .rows,
      ).toEqual([{ t: 'bigint', u: 'text' }])
      await acme.query('DISCARD TEMP')
    })

    test('that nobody has are dropped with a notice', async () => {
      const acme = await connect('acme')
      const notices: unknown[] = []
      acme.on('notice', (notice) => notices.push(notice.message))
      await acme.query('DROP TABLE IF EXISTS nowhere')
      expect(notices).toEqual(['table "nowhere" does not exist, skipping'])
    })
  })

  describe('statements prepared by SQL', () => {
    test('run with the tenant’s rows, and no other session has them', async () => {
      const acme = await connect('acme')
      await acme.query('PREPARE p (int) AS SELECT title FROM notes WHERE id >= $1 ORDER BY id')
      expect(await titles(acme, 'EXECUTE p (1)')).toEqual(['one', 'two'])
      const globex = await connect('globex')
      const failing = expect(globex.query('EXECUTE p (1)')).rejects.toMatchObject({ code: '26000' })
      await failing
      await acme.query('DEALLOCATE p')
      await expect(acme.query('EXECUTE p (1)')).rejects.toMatchObject({ code: '26000' })
    })

    test('outlive a rollback, and end with DEALLOCATE ALL', async () => {
      const acme = await connect('acme')
      await acme.query('BEGIN; PREPARE p AS SELECT title FROM notes WHERE id = 1; ROLLBACK')
      expect(await titles(acme, 'EXECUTE p')).toEqual(['one'])
      await expect(acme.query('PREPARE p AS SELECT 1')).rejects.toMatchObject({ code: '42P05' })
      expect((await acme.query('DEALLOCATE ALL')).command).toBe('DEALLOCATE')
      await expect(acme.query('EXECUTE p')).rejects.toMatchObject({ code: '26000' })
    })

    test('of the gateway’s own are out of reach, whoever they belong to', async () => {
      const globex = await connect('globex')
      await globex.query({ name: 'theirs', text: 'SELECT title FROM notes WHERE id = $1', values: [3] })
      await globex.query({ name: 'theirs', text: 'SELECT title FROM notes WHERE id = $1', values: [3] })
      const acme = await connect('acme')
      await expect(acme.query('EXECUTE "tg_aaaaaaaaaaaaaaaaaaaaaaaa" (3)')).rejects.toMatchObject({
        code: '0A000',
      })
      await expect(acme.query('EXECUTE theirs (3)')).rejects.toMatchObject({ code: '26000' })
      await expect(acme.query('DEALLOCATE theirs')).rejects.toMatchObject({ code: '26000' })
    })

    test('DEALLOCATE ALL of who has prepared nothing takes nothing from who has', async () => {
      const [acme, globex] = [await connect('acme'), await connect('globex')]
      const prepared = { name: 'theirs', text: 'SELECT title FROM notes WHERE id = $1', values: [3] }
      await globex.query(prepared)
      await acme.query('DEALLOCATE ALL')
      expect((await globex.query(prepared)).rows).toEqual([{ title: 'kanarie' }])
      expect((await (await connect('globex')).query(prepared)).rows).toEqual([{ title: 'kanarie' }])
    })

    test('DEALLOCATE forgets those of the protocol too', async () => {
      const client = await WireClient.connect(gateway.url('acme'))
      await client.send(say.parse('p', 'SELECT title FROM notes WHERE id = 1'), say.sync).ready()
      client.send(say.query('DEALLOCATE p'), say.bind('', 'p'), say.execute(''), say.sync)
      expect((await client.ready()).join()).toContain('"DEALLOCATE"')
      expect((await client.ready()).join()).toContain('26000')
      client.send(
        say.parse('p', 'SELECT title FROM notes WHERE id = 2'),
        say.bind('', 'p'),
        say.execute(''),
        say.sync,
      )
      expect((await client.ready()).join()).toContain('two')
      client.close()
    })
  })
})
