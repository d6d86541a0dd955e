import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/demo/database/database.js'
import { startDatabase } from '../../src/demo/database/start-database.js'
import { type TestGateway, testGateway } from '../support/gateway.js'
import { systemServer } from '../support/servers.js'

/** A server of its own: it is killed. */
describe.runIf(systemServer() !== undefined)('a server that goes away', () => {
  let folder: string
  let database: Database
  let gateway: TestGateway
  const clients: Client[] = []

  const start = (port = 0) => startDatabase({ source: 'system', dataDirectory: folder, port })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenantgate-restart-'))
    await chmod(folder, 0o755)
    database = await start()
    gateway = await testGateway({ upstream: database.url, pool: { max: 3 } })
  })
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end().catch(() => {})))
    expect(gateway.bugs).toEqual([])
  })
  afterAll(async () => {
    await gateway.stop()
    await database.stop()
    await rm(folder, { recursive: true, force: true })
  })

  async function connect(login: string): Promise<Client> {
    const client = new Client({ connectionString: gateway.url(login) })
    client.on('error', () => {})
    await client.connect()
    clients.push(client)
    return client
  }

  const works = (client: Client) =>
    expect
      .poll(
        () =>
          client
            .query('SELECT 1 AS x')
            .then(({ rows }) => rows[0].x)
            .catch(() => null),
        { timeout: 30_000 },
      )
      .toBe(1)

  test('by the death of one of its processes takes no session along', async () => {
    const [busy, open, idle] = [await connect('alice'), await connect('alice'), await connect('bob')]
    await open.query('BEGIN')
    const { pid } = (await open.query('SELECT pg_backend_pid() AS pid')).rows[0]
    const sleeping = expect(busy.query('SELECT pg_sleep(67)')).rejects.toMatchObject({
      code: expect.stringMatching(/^(57P02|08006)$/),
    })
    await expect.poll(() => gateway.pool.state.idle).toBe(0)
    process.kill(pid, 'SIGKILL')
    await sleeping
    await expect(open.query('SELECT 1')).rejects.toMatchObject({ code: '08006' })
    await works(idle)
    await works(busy)
    await open.query('ROLLBACK')
    await works(open)
  })

  test('and comes back is found, and every session goes on', async () => {
    const [busy, open] = [await connect('alice'), await connect('bob')]
    await open.query('BEGIN')
    const sleeping = expect(busy.query('SELECT pg_sleep(68)')).rejects.toMatchObject({
      code: expect.stringMatching(/^(57P0[123]|08006)$/),
    })
    await expect.poll(() => gateway.pool.state.idle).toBe(0)
    const data = (await open.query(`SELECT current_setting('data_directory') AS data`)).rows[0].data
    const [pid] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')
    const port = Number(new URL(database.url).port)
    process.kill(Number(pid), 'SIGQUIT')
    await sleeping
    await expect(open.query('SELECT 1')).rejects.toMatchObject({
      code: expect.stringMatching(/^(57P0[123]|08006)$/),
    })
    await expect.poll(() => gateway.pool.failure).not.toBeNull()
    await expect(busy.query('SELECT 1')).rejects.toMatchObject({ code: '08006' })
    await database.stop()
    database = await start(port)
    expect(Number(new URL(database.url).port)).toBe(port)
    await works(busy)
    await open.query('ROLLBACK')
    await works(open)
    await expect.poll(() => gateway.pool.failure).toBeNull()
  })
})
