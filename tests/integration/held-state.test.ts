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
})
