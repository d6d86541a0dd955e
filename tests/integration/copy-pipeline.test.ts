import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { availableServers } from '../support/servers.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'
import { say, WireClient } from '../support/wire-client.js'

const SQL = `
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not today'; END $$;
CREATE FUNCTION refuse_late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.3); RAISE EXCEPTION 'not today'; END $$;
CREATE TABLE slow (id int, tenant_id text NOT NULL);
CREATE TRIGGER refuse BEFORE INSERT ON slow FOR EACH STATEMENT EXECUTE FUNCTION refuse_late();
CREATE TABLE locked (id int, tenant_id text NOT NULL);
CREATE TRIGGER refuse BEFORE INSERT ON locked FOR EACH STATEMENT EXECUTE FUNCTION refuse();
CREATE TABLE notes (id int, tenant_id text NOT NULL);`
const PIPELINE = [
  say.bind('', 'c'),
  say.execute(''),
  say.sync,
  say.sync,
  say.close('statement', 'none'),
  say.sync,
]

/** The server ignores a Sync only while it reads rows: one that fails before answers each Sync behind it. */
describe.each(availableServers())('Syncs behind a COPY FROM STDIN on $label', (server) => {
  let database: TestDatabase
  let gateway: WholeGateway
  beforeAll(async () => {
    database = await testDatabase({ server, sql: SQL })
    gateway = await wholeGateway(database, { policy: { relations: {} } })
  })
  afterAll(async () => {
    await gateway.stop()
    await database.drop()
  })

  test.each([
    ['at once', 'locked'],
    ['after it has asked for rows', 'slow'],
  ])(
    'are answered once each where it fails %s, and what follows gets its own answer',
    async (_when, table) => {
      const client = await WireClient.connect(gateway.url('acme'))
      await client.send(say.parse('c', `COPY ${table} (id) FROM STDIN`), say.sync).ready()
      client.send(...PIPELINE)
      const answers = [await client.ready(), await client.ready(), await client.ready()]
      expect(answers.map((lines) => lines.length)).toEqual([4, 1, 2])
      expect(answers[0]?.join()).toContain('not today')
      const own = await client.send(say.query("SELECT 'mine' AS whose")).ready()
      expect(own.join()).toContain('mine')
      expect(own).toHaveLength(4)
      client.close()
    },
  )

  test('do not hide that what stands behind them has no place in a COPY that reads', async () => {
    const client = await WireClient.connect(gateway.url('acme'))
    await client.send(say.parse('c', 'COPY notes (id) FROM STDIN'), say.sync).ready()
    client.send(...PIPELINE)
    expect((await client.until((line) => line === 'closed')).join()).toContain(
      'unexpected Close message during COPY from stdin',
    )
    const other = await WireClient.connect(gateway.url('acme'))
    expect((await other.send(say.query('SELECT count(*) FROM notes')).ready()).join()).toContain('"0"')
    other.close()
  })

  test('are ignored where it reads, and its rows arrive', async () => {
    const client = await WireClient.connect(gateway.url('acme'))
    await client.send(say.parse('c', 'COPY notes (id) FROM STDIN'), say.sync).ready()
    client.send(
      say.bind('', 'c'),
      say.execute(''),
      say.sync,
      say.copyData(Buffer.from('1\n2\n')),
      say.copyDone,
      say.sync,
    )
    expect((await client.ready()).join()).toContain('COPY 2')
    const own = await client.send(say.query('SELECT count(*) FROM notes')).ready()
    expect(own.join()).toContain('"2"')
    client.close()
  })
})
