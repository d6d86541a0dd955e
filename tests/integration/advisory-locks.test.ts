import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { availableServers, type Server } from '../support/servers.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'
import { say, WireClient } from '../support/wire-client.js'

async function answer(client: Client, call: string, values: readonly unknown[] = []): Promise<unknown> {
  return (await client.query(`SELECT ${call} AS answer`, [...values])).rows[0]?.answer
}

/** A gateway on a database of its own, for the tests of one block. */
function stage(server: Server, pool: object) {
  let database: TestDatabase
  let gateway: WholeGateway
  const open: Client[] = []

  beforeAll(async () => {
    database = await testDatabase({ server, sql: '' })
    gateway = await wholeGateway(database, { policy: { relations: {} }, upstream: { pool } })
  })
  afterEach(async () => {
    for (const client of open.splice(0)) await client.end()
    // the server ends what a session leaves behind when it gets to it
    while ((await locks()) > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  })
  afterAll(async () => {
    await gateway.stop()
    await database.drop()
  })

  async function locks(): Promise<number> {
    const held = `SELECT FROM pg_locks JOIN pg_database d ON d.oid = database
      WHERE locktype = 'advisory' AND datname = current_database()`
    return (await database.query(held)).rows.length
  }

  return {
    open,
    locks,
    url: (tenant: string) => gateway.url(tenant),
    async connect(tenant: string): Promise<Client> {
      const client = new Client({ connectionString: gateway.url(tenant) })
      client.on('error', () => {})
      await client.connect()
      open.push(client)
      return client
    },
  }
}

describe.each(availableServers())('advisory locks, on $label', (server) => {
  const { connect, open } = stage(server, {})

  test.each([
    ['a key', 'pg_try_advisory_lock(123)', 'pg_advisory_unlock(123)'],
    ['a key as text', "pg_try_advisory_lock('123')", "pg_advisory_unlock('123')"],
    ['two keys', 'pg_try_advisory_lock(1, 23)', 'pg_advisory_unlock(1, 23)'],
    ['a key that is computed', "pg_try_advisory_lock(hashtext('a'))", "pg_advisory_unlock(hashtext('a'))"],
    ['a lock against shared ones', 'pg_try_advisory_lock_shared(5)', 'pg_advisory_unlock_shared(5)'],
  ])('exclude sessions of one tenant, and no other’s: %s', async (_title, lock, unlock) => {
    const [acme, other, globex] = [await connect('acme'), await connect('acme'), await connect('globex')]
    expect(await answer(acme, lock)).toBe(true)
    expect(await answer(acme, lock)).toBe(true)
    const exclusive = lock.replace('_shared', '')
    expect(await answer(other, exclusive)).toBe(false)
    expect(await answer(globex, exclusive)).toBe(true)
    expect(await answer(acme, unlock)).toBe(true)
    expect(await answer(other, exclusive)).toBe(false)
    expect(await answer(acme, unlock)).toBe(true)
    expect(await answer(other, exclusive)).toBe(true)
    expect(await answer(acme, unlock)).toBe(false)
  })

  test('a key and two keys, and keys of any size, are different locks', async () => {
    const [acme, other] = [await connect('acme'), await connect('acme')]
    const keys = ['1', '4294967296', '-4294967298', '0, 1', '1, 0', '0']
    for (const key of keys) expect(await answer(acme, `pg_try_advisory_lock(${key})`)).toBe(true)
    for (const key of ['2', '1, 1', '-1', '9223372036854775807'])
      expect(await answer(other, `pg_try_advisory_lock(${key})`)).toBe(true)
    for (const key of keys) expect(await answer(other, `pg_try_advisory_lock(${key})`)).toBe(false)
  })

  test('parameters are keys of the types that the server gives them', async () => {
    const [acme, other] = [await connect('acme'), await connect('acme')]
    expect(await answer(acme, 'pg_try_advisory_lock($1)', ['9007199254740993'])).toBe(true)
    expect(await answer(other, 'pg_try_advisory_lock(9007199254740993)')).toBe(false)
    expect(await answer(acme, 'pg_try_advisory_lock($1, $2)', [1, '-2147483648'])).toBe(true)
    expect(await answer(other, "pg_try_advisory_lock(1, '-2147483648')")).toBe(false)
    await expect(answer(acme, 'pg_try_advisory_lock($1)', ['x'])).rejects.toMatchObject({ code: '22P02' })
    await expect(answer(acme, 'pg_try_advisory_lock($1, 1)', ['2147483648'])).rejects.toMatchObject({
      code: '22003',
    })
    await expect(answer(acme, 'pg_try_advisory_lock(1.5)')).rejects.toMatchObject({ code: '42883' })
    expect(await answer(acme, 'pg_try_advisory_lock(NULL)')).toBe(null)
  })

  test('waiting for a lock ends when the other session gives it back', async () => {
    const [acme, other] = [await connect('acme'), await connect('acme')]
    await answer(acme, 'pg_advisory_lock(72707369)')
    const order: string[] = []
    const waiting = answer(other, 'pg_advisory_lock(72707369)').then(() => order.push('other'))
    await answer(acme, '1').then(() => order.push('acme'))
    await answer(acme, 'pg_advisory_unlock(72707369)')
    await waiting
    expect(order).toEqual(['acme', 'other'])
  })

  test('a lock of the session outlives a ROLLBACK and an error', async () => {
    const [acme, other] = [await connect('acme'), await connect('acme')]
    await acme.query('BEGIN; SELECT pg_advisory_lock(1); ROLLBACK')
    await expect(acme.query('SELECT pg_advisory_lock(2), 1 / (random() * 0)')).rejects.toMatchObject({
      code: '22012',
    })
    await expect(acme.query('BEGIN; SELECT pg_advisory_lock(3); SELECT nonsense')).rejects.toMatchObject({
      code: '42703',
    })
    await acme.query('ROLLBACK')
    for (const key of [1, 2, 3]) {
      expect(await answer(other, `pg_try_advisory_lock(${key})`)).toBe(false)
      expect(await answer(acme, `pg_advisory_unlock(${key})`)).toBe(true)
      expect(await answer(other, `pg_try_advisory_lock(${key})`)).toBe(true)
    }
  })

  test('what nobody holds is given back with a warning', async () => {
    const acme = await connect('acme')
    const notices: (string | undefined)[] = []
    acme.on('notice', ({ message }) => notices.push(message))
    expect(await answer(acme, 'pg_advisory_unlock(1)')).toBe(false)
    expect(notices).toEqual(["you don't own a lock of type ExclusiveLock"])
  })

  test('all locks of a session are gone with it', async () => {
    const [acme, other] = [await connect('acme'), await connect('acme')]
    await answer(acme, 'pg_advisory_lock(1)')
    await open.shift()?.end()
    await answer(other, 'pg_advisory_lock(1)')
    expect(await answer(other, 'pg_advisory_unlock(1)')).toBe(true)
  })
})

describe.each(availableServers())('with one server connection for all, on $label', (server) => {
  const { connect, url, locks } = stage(server, { max: 1 })

  /** Who is served first: a session that waits for the connection, or the one that has it, statement by statement. */
  async function served(client: Client, texts: readonly string[]): Promise<readonly string[]> {
    const order: string[] = []
    const globex = await connect('globex')
    const waiting = globex.query('SELECT 1').then(() => order.push('globex'))
    for (const text of texts) await client.query(text).then(() => order.push(text))
    await waiting
    return order
  }

  const LOCK = 'SELECT pg_advisory_lock(1)'
  const UNLOCK = 'SELECT pg_advisory_unlock(1)'
  test.each([
    ['by one unlocking', [LOCK], [UNLOCK]],
    ['by as many unlockings as locks', [LOCK, LOCK], [UNLOCK, UNLOCK]],
    [
      'by both kinds',
      ['SELECT pg_advisory_lock(1), pg_advisory_lock_shared(2)'],
      [UNLOCK, 'SELECT pg_advisory_unlock_shared(2)'],
    ],
    ['by all at once', [LOCK, 'SELECT pg_advisory_lock(2, 3)'], ['SELECT pg_advisory_unlock_all()']],
    ['as pools reset it', [LOCK], ['SELECT pg_advisory_unlock_all(); CLOSE ALL; UNLISTEN *; RESET ALL;']],
    ['by DISCARD ALL', [LOCK], ['DISCARD ALL']],
    ['by the last lock of a transaction', [LOCK], ['BEGIN', UNLOCK, 'COMMIT']],
  ])('a session keeps it as long as it has a lock: given back %s', async (_title, taken, texts) => {
    const acme = await connect('acme')
    for (const text of taken) await acme.query(text)
    expect(await served(acme, texts)).toEqual([...texts, 'globex'])
  })

  test.each([
    ['a lock of a transaction', 'SELECT pg_advisory_xact_lock(1)'],
    ['a lock that was taken and given back', `${LOCK}; ${UNLOCK}`],
    ['a lock of no row', `${LOCK} WHERE false`],
    ['an unlocking of what nobody holds', UNLOCK],
    ['a lock that is only planned', `EXPLAIN ${LOCK}`],
  ])('a session doesn’t keep it for %s', async (_title, text) => {
    const [acme, globex] = [await connect('acme'), await connect('globex')]
    await acme.query(text)
    await globex.query('SELECT 1')
    await acme.query('SELECT 1')
  })

  test('nor for one that failed', async () => {
    const [acme, globex] = [await connect('acme'), await connect('globex')]
    await expect(acme.query('SELECT pg_advisory_lock(1.5)')).rejects.toMatchObject({ code: '42883' })
    await globex.query('SELECT 1')
  })

  test('a lock that is sent while the server is asked for locks is kept', async () => {
    const client = await WireClient.connect(url('acme'))
    client.send(say.query(`${LOCK}; ${UNLOCK}`))
    await client.until((line) => line.startsWith('< ReadyForQuery'))
    client.send(say.parse('', LOCK), say.bind('', ''), say.execute(''), say.sync)
    await client.ready()
    expect(await locks()).toBe(1)
    client.send(say.query(UNLOCK))
    expect((await client.ready()).join()).toContain('"t"')
    client.close()
  })
})

describe.each(availableServers())('with two server connections, on $label', (server) => {
  const { connect } = stage(server, { max: 2 })

  test('a lock that another session has doesn’t cost the connection of the one that tried', async () => {
    const [acme, other, globex] = [await connect('acme'), await connect('acme'), await connect('globex')]
    await answer(acme, 'pg_advisory_lock(1)')
    expect(await answer(other, 'pg_try_advisory_lock(1)')).toBe(false)
    expect(await answer(globex, '1')).toBe(1)
  })
})

describe.each(availableServers())('with a server connection for each session, on $label', (server) => {
  const { connect } = stage(server, { mode: 'session' })

  test('locks and channels are the tenant’s as well', async () => {
    const [acme, other, globex] = [await connect('acme'), await connect('acme'), await connect('globex')]
    expect(await answer(acme, 'pg_try_advisory_lock(1)')).toBe(true)
    expect(await answer(other, 'pg_try_advisory_lock(1)')).toBe(false)
    expect(await answer(globex, 'pg_try_advisory_lock(1)')).toBe(true)
    const heard = new Promise((resolve) => acme.on('notification', resolve))
    await acme.query('LISTEN news')
    await globex.query("NOTIFY news, 'of globex'")
    await other.query("NOTIFY news, 'of acme'")
    expect(await heard).toMatchObject({ channel: 'news', payload: 'of acme' })
  })
})
