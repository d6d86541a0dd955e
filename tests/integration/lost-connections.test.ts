import type { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Sessions, show } from '../support/sessions.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'
import { say, WireClient } from '../support/wire-client.js'

const sessions = Sessions.use(`
  CREATE TABLE notes (id int, tenant_id text);
  CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(63); RETURN NULL; END';
  CREATE TABLE slow_commits (id int);
  CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON slow_commits DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION slow();
`)

const pidOf = async (client: Client): Promise<number> =>
  (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid

const terminate = (pid: number) => sessions.database.query('SELECT pg_terminate_backend($1, 10000)', [pid])

async function terminateRunning(query: string): Promise<void> {
  await sessions.untilRunning(query)
  await sessions.database.query(
    `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE query = $1 AND state = 'active'`,
    [query],
  )
}

const notes = async () => (await sessions.database.query('SELECT count(*)::int AS n FROM notes')).rows[0]?.n

describe('a server connection that is ended', () => {
  test('in a transaction between two statements fails the transaction, and the session goes on', async () => {
    await sessions.start()
    const client = await sessions.connect()
    await client.query(`SET timezone TO 'Asia/Tokyo'`)
    await client.query('BEGIN')
    await client.query('INSERT INTO notes VALUES (1)')
    await terminate(await pidOf(client))
    await expect(client.query('INSERT INTO notes VALUES (2)')).rejects.toMatchObject({
      code: '57P01',
      severity: 'ERROR',
      detail: expect.stringContaining('rolled back'),
    })
    await expect(client.query('INSERT INTO notes VALUES (3)')).rejects.toMatchObject({ code: '25P02' })
    expect((await client.query('COMMIT')).command).toBe('ROLLBACK')
    expect((await client.query('SELECT count(*)::int AS n FROM notes')).rows).toEqual([{ n: 0 }])
    expect(await show(client, 'timezone')).toBe('Asia/Tokyo')
  })

  test('while a statement runs that is no part of a transaction fails it alone', async () => {
    await sessions.start()
    const client = await sessions.connect()
    const running = expect(client.query('SELECT pg_sleep(62)')).rejects.toMatchObject({ code: '57P01' })
    await terminateRunning('SELECT pg_sleep(62)')
    await running
    expect((await client.query('SELECT $1::int AS x', [1])).rows).toEqual([{ x: 1 }])
  })

  test('in the middle of statements that were sent ahead lets none of the transaction’s be committed', async () => {
    await sessions.start()
    const client = await WireClient.connect(sessions.gateway.url())
    const texts = [
      'BEGIN',
      'INSERT INTO notes VALUES (1)',
      'SELECT pg_sleep(64)',
      'INSERT INTO notes VALUES (2)',
    ]
    client.send(...[...texts, 'COMMIT', 'SELECT 5'].map((text) => say.query(text)))
    await terminateRunning('SELECT pg_sleep(64)')
    const lines = (await client.ready(6)).filter((line) => /ErrorResponse|ReadyForQuery/.test(line))
    expect(lines.map((line) => /C="(\w+)"|status="(\w)"/.exec(line)?.slice(1).join(''))).toEqual([
      ...['T', 'T', '57P01', 'E', '57P01', 'E', '57P01', 'I', '57P01', 'I'],
    ])
    expect(await notes()).toBe(0)
    expect((await client.send(say.query('SELECT 6')).ready()).join()).toContain('DataRow')
    client.close()
  })

  test('in the middle of a pipeline is answered once, and the pipeline’s end as well', async () => {
    await sessions.start()
    const client = await WireClient.connect(sessions.gateway.url())
    const run = (text: string) => [say.parse('', text), say.bind('', ''), say.execute('')]
    const errors = (lines: readonly string[]) => lines.filter((line) => line.includes('C="57P01"')).length
    client.send(...run('SELECT pg_sleep(65)'), ...run('SELECT 1'), say.sync)
    await terminateRunning('SELECT pg_sleep(65)')
    expect(errors(await client.ready())).toBe(1)
    client.send(...run('SELECT pg_sleep(66)'), say.flush)
    await terminateRunning('SELECT pg_sleep(66)')
    await client.until((line) => line.includes('C="57P01"'))
    const rest = (await client.send(...run('SELECT 3'), say.sync).ready()).join()
    expect(rest).toBe('< ReadyForQuery status="I"')
    expect((await client.send(...run('SELECT 4'), say.sync).ready()).join()).toContain('DataRow')
    client.close()
  })

  test('while a COMMIT is on its way leaves no transaction to end', async () => {
    await sessions.start()
    const client = await WireClient.connect(sessions.gateway.url())
    await client.send(say.query('BEGIN'), say.query('INSERT INTO slow_commits VALUES (1)')).ready(2)
    client.send(say.query('COMMIT'))
    await terminateRunning('COMMIT')
    expect((await client.ready()).join()).toMatch(/C="57P01".*not known.*status="I"/)
    client.close()
  })

  test('by its idle-in-transaction timeout says so, with the next statement', async () => {
    await sessions.start()
    const client = await sessions.connect()
    await client.query(`SET idle_in_transaction_session_timeout TO '20ms'`)
    await client.query('BEGIN')
    await expect.poll(() => sessions.gateway.pool.state.open).toBe(0)
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P03' })
    await client.query('ROLLBACK')
    expect((await client.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('under a transaction that had failed anyway changes nothing for the client', async () => {
    await sessions.start()
    const client = await sessions.connect()
    await client.query('BEGIN')
    const pid = await pidOf(client)
    await expect(client.query('SELECT 1/0')).rejects.toMatchObject({ code: '22012' })
    await terminate(pid)
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' })
    await client.query('ROLLBACK')
    expect((await client.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })
})

describe('a server connection that is ended, and was the session’s own', () => {
  let gateway: WholeGateway
  let wire: WireClient
  beforeAll(async () => {
    gateway = await wholeGateway(sessions.database, { upstream: { pool: { max: 2 } } })
  })
  beforeEach(async () => {
    wire = await WireClient.connect(gateway.url('acme'))
  })
  afterEach(() => wire.close())
  afterAll(() => gateway.stop())

  const terminateLast = (query: string) =>
    sessions.database.query(
      'SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE query LIKE $1',
      [query],
    )
  const ask = async (text: string) => (await wire.send(say.query(text)).ready()).join()

  test('for the rows of a COPY ends the COPY', async () => {
    wire.send(say.query('COPY notes (id) FROM STDIN'))
    await wire.until((line) => line.includes('CopyInResponse'))
    wire.send(say.copyData(Buffer.from('1\n')))
    await terminateLast('COPY %STDIN%')
    wire.send(say.copyData(Buffer.from('2\n')), say.copyDone)
    expect((await wire.ready()).join()).toMatch(/C="57P01".*status="I"/)
    expect(await ask('SELECT count(*) FROM notes')).toContain('values=["0"]')
  })

  test('for a temporary table says that it is gone', async () => {
    await ask('CREATE TEMPORARY TABLE mine (id int)')
    await terminateLast('CREATE TEMP%')
    expect(await ask('SELECT 1')).toMatch(/C="57P01".*Temporary tables.*status="I"/)
    expect(await ask('SELECT * FROM mine')).toContain('C="42501"')
    expect(await ask('SELECT 7')).toContain('values=["7"]')
  })

  test('for what it listens to ends the session, which may never say anything again', async () => {
    await ask('LISTEN news')
    await terminateLast('LISTEN%')
    expect((await wire.until((line) => line === 'closed')).join()).toMatch(/S="FATAL".*C="08006"/)
  })
})
