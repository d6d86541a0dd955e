import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { GatewayError } from '../../src/core/errors.js'
import { TenantId } from '../../src/core/ids.js'
import type { Compiler } from '../../src/sql/compiled.js'
import type { Limits } from '../../src/tenants/tenant.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type GatewayOptions, PASSWORD, type TestGateway, testGateway } from '../support/gateway.js'
import { passThroughCompiler } from '../support/pass-through-compiler.js'
import { say, WireClient } from '../support/wire-client.js'

let database: TestDatabase
let gateway: TestGateway
const clients: Client[] = []

beforeAll(async () => {
  database = await testDatabase({ sql: 'CREATE TABLE notes (id int, tenant_id text)' })
})
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end().catch(() => {})))
  await gateway.stop()
  expect(gateway.bugs).toEqual([])
})
afterAll(() => database.drop())

/** One server connection unless told otherwise: whatever one client leaves behind, the next one meets. */
async function start(options: Partial<GatewayOptions> = {}): Promise<void> {
  gateway = await testGateway({ upstream: database.url, pool: { max: 1 }, ...options })
}

async function connect(login = 'alice', parameters: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ connectionString: gateway.url(login, parameters) })
  client.on('error', () => {})
  await client.connect()
  clients.push(client)
  return client
}

const show = async (client: Client, name: string) =>
  (await client.query(`SELECT current_setting('${name}') AS value`)).rows[0].value

describe('settings', () => {
  test('follow the client, whichever connection it gets', async () => {
    await start()
    const [first, second] = [await connect(), await connect('bob')]
    await first.query(`SET timezone TO 'Asia/Tokyo'`)
    expect(await show(second, 'timezone')).not.toBe('Asia/Tokyo')
    expect(await show(first, 'timezone')).toBe('Asia/Tokyo')
    await first.query('RESET timezone')
    expect(await show(first, 'timezone')).toBe(await show(second, 'timezone'))
  })

  test('end with the transaction that fails, or that they were local to', async () => {
    await start()
    const [first, second] = [await connect(), await connect('bob')]
    await first.query('BEGIN')
    await first.query(`SET timezone TO 'Asia/Tokyo'`)
    await first.query('ROLLBACK')
    await first.query('BEGIN')
    await first.query(`SET LOCAL intervalstyle TO 'iso_8601'`)
    expect(await show(first, 'intervalstyle')).toBe('iso_8601')
    await first.query('COMMIT')
    await second.query('SELECT 1')
    expect(await show(first, 'timezone')).not.toBe('Asia/Tokyo')
    expect(await show(first, 'intervalstyle')).toBe('postgres')
  })

  test('of the startup packet are in force, reported, and what RESET goes back to', async () => {
    await start()
    const other = await connect('bob')
    const client = await WireClient.connect(gateway.url('alice', { options: '-c timezone=Asia/Tokyo' }))
    client.close()
    const direct = new Client({ connectionString: gateway.url(), options: '-c timezone=asia/tokyo' })
    await direct.connect()
    clients.push(direct)
    expect(await show(direct, 'timezone')).toBe('Asia/Tokyo')
    expect(await show(other, 'timezone')).not.toBe('Asia/Tokyo')
    await direct.query(`SET timezone TO 'Europe/Berlin'`)
    await direct.query('RESET timezone')
    expect(await show(direct, 'timezone')).toBe('Asia/Tokyo')
    await direct.query('BEGIN')
    await direct.query('RESET ALL')
    expect(await show(direct, 'timezone')).toBe('Asia/Tokyo')
    await direct.query('COMMIT')
  })

  test('that are refused or wrong end the login', async () => {
    await start()
    const wrong = new Client({ connectionString: gateway.url(), options: '-c timezone=Nowhere/Land' })
    await expect(wrong.connect()).rejects.toThrow(/invalid value for parameter "TimeZone": "Nowhere\/Land"/)
    const refused = new Client({ connectionString: gateway.url(), options: '-c role=postgres' })
    await expect(refused.connect()).rejects.toMatchObject({ code: '22023' })
  })
})

describe('transactions', () => {
  test('of clients that went away are rolled back, and the connection serves the next one', async () => {
    await start()
    const first = await WireClient.connect(gateway.url())
    await first.send(say.query('BEGIN; INSERT INTO notes VALUES (1)')).ready()
    first.close()
    const second = await connect('bob')
    expect((await second.query('SELECT count(*)::int AS n FROM notes')).rows[0].n).toBe(0)
    expect(gateway.pool.state).toEqual({ open: 1, idle: 1, waiting: 0 })
  })

  test('without BEGIN are rolled back too when the client leaves before its Sync', async () => {
    await start()
    const first = await WireClient.connect(gateway.url())
    first.send(say.parse('', 'INSERT INTO notes VALUES (1)'), say.bind('', ''), say.execute(''), say.flush)
    await first.until((line) => line.startsWith('< CommandComplete'))
    first.close()
    const second = await connect('bob')
    expect((await second.query('SELECT count(*)::int AS n FROM notes')).rows[0].n).toBe(0)
  })

  test('with answers outstanding cost the connection, not the next client', async () => {
    await start()
    const first = await WireClient.connect(gateway.url())
    first.send(say.query('SELECT pg_sleep(60)'))
    await untilRunning('SELECT pg_sleep(60)')
    first.close()
    const second = await connect('bob')
    expect((await second.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
    await untilGone('SELECT pg_sleep(60)')
  })
})

describe('refusals', () => {
  const compiler = passThroughCompiler((text) => {
    if (text.includes('forbidden'))
      throw new GatewayError('RELATION_DENIED', { relation: 'forbidden' }, { position: 15 })
    return {}
  })

  test('carry the incident of their audit event and leave the session usable', async () => {
    await start({ compiler })
    const client = await connect()
    const error = await client.query('SELECT * FROM forbidden').catch((reason: unknown) => reason)
    const [event] = gateway.events
    expect(error).toMatchObject({ code: '42501', position: '15', severity: 'ERROR' })
    expect(event).toMatchObject({
      kind: 'statement_refused',
      reason: 'RELATION_DENIED',
      subject: { tenant: 'acme', login: 'alice' },
    })
    expect(String(error)).toContain(`(incident ${event?.incident})`)
    expect((await client.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
    expect(gateway.pool.state.open).toBe(1)
  })

  test('fail the transaction that they stand in', async () => {
    await start({ compiler })
    const client = await connect()
    await client.query('BEGIN')
    await expect(client.query('SELECT * FROM forbidden')).rejects.toMatchObject({ code: '42501' })
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' })
    await client.query('ROLLBACK')
    await client.query('BEGIN')
    await expect(client.query('SELECT * FROM forbidden WHERE $1', [1])).rejects.toMatchObject({
      code: '42501',
    })
    await expect(client.query('SELECT $1::int', [1])).rejects.toMatchObject({ code: '25P02' })
    await client.query('ROLLBACK')
    expect((await client.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('undo the pipeline that they stand in, and skip to its Sync', async () => {
    await start({ compiler })
    const client = await WireClient.connect(gateway.url())
    const insert = [say.parse('', 'INSERT INTO notes VALUES (7)'), say.bind('', ''), say.execute('')]
    client.send(
      ...insert,
      say.parse('', 'SELECT * FROM forbidden'),
      ...insert,
      say.sync,
      say.query('SELECT count(*) FROM notes'),
    )
    const answers = await client.ready(2)
    expect(answers.map((line) => line.split(' ')[1])).toEqual([
      ...['ParseComplete', 'BindComplete', 'CommandComplete', 'ErrorResponse', 'ReadyForQuery'],
      ...['RowDescription', 'DataRow', 'CommandComplete', 'ReadyForQuery'],
    ])
    expect(answers[3]).toContain('C="42501"')
    expect(answers[6]).toContain('"0"')
    client.close()
  })

  test('of the FunctionCall message', async () => {
    await start()
    const client = await WireClient.connect(gateway.url())
    client.send(Buffer.from([0x46, 0, 0, 0, 14, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
    expect((await client.ready()).join()).toContain('C="0A000"')
    client.close()
  })

  test('of a parameter that names another tenant, in text and in binary', async () => {
    const check = { kind: 'parameter', number: 1, relation: 'notes', type: 'pg_catalog.text' } as const
    await start({ compiler: passThroughCompiler((text) => (text.includes('$1') ? { checks: [check] } : {})) })
    const client = await connect()
    const insert = 'INSERT INTO notes (tenant_id) VALUES ($1)'
    await expect(client.query(insert, ['globex'])).rejects.toMatchObject({ code: '42501' })
    await expect(client.query(insert, [null])).rejects.toMatchObject({ code: '42501' })
    await expect(client.query(insert, [Buffer.from('globex')])).rejects.toMatchObject({ code: '42501' })
    await client.query('BEGIN')
    expect((await client.query(insert, ['acme'])).rowCount).toBe(1)
    expect((await client.query(insert, [Buffer.from('acme')])).rowCount).toBe(1)
    await client.query('ROLLBACK')
  })
})

describe('a cancel request', () => {
  test('reaches the statement of its own session', async () => {
    await start()
    const client = await WireClient.connect(gateway.url())
    client.send(say.query('SELECT pg_sleep(61)'))
    await untilRunning('SELECT pg_sleep(61)')
    await cancel(client)
    expect((await client.ready()).join()).toContain('C="57014"')
    expect((await client.send(say.query('SELECT 1')).ready()).join()).toContain('DataRow')
    client.close()
  })

  test('reaches a statement that waits for a connection', async () => {
    await start()
    const holder = await connect('bob')
    await holder.query('BEGIN')
    const client = await WireClient.connect(gateway.url())
    client.send(say.query('SELECT 1'))
    await expect.poll(() => gateway.pool.state.waiting).toBe(1)
    await cancel(client)
    expect((await client.ready()).join()).toContain('C="57014"')
    await holder.query('COMMIT')
    client.close()
  })

  test('with a wrong key, or for a session that runs nothing, does nothing', async () => {
    await start()
    const client = await WireClient.connect(gateway.url())
    await cancel(client)
    client.send(say.query('SELECT pg_sleep(0.3), 1 AS done'))
    const wrong = Buffer.from(client.cancelKey.secret.map((byte) => byte ^ 1))
    await cancel(client, wrong)
    expect((await client.ready()).join()).toContain('"done"')
    client.close()
  })

  async function cancel(client: WireClient, secret = client.cancelKey.secret): Promise<void> {
    const { connect: connectTcp } = await import('node:net')
    const socket = connectTcp(gateway.port, '127.0.0.1')
    socket.end(say.cancel({ processId: client.cancelKey.processId, secret }))
    socket.resume()
    await new Promise((resolve) => socket.once('close', resolve))
  }
})

describe('the end of things', () => {
  test('a server connection that dies ends the client that has it, and only that one', async () => {
    await start({ pool: { max: 2 } })
    const [first, second] = [await connect(), await connect('bob')]
    await first.query('BEGIN')
    const { pid } = (await first.query('SELECT pg_backend_pid() AS pid')).rows[0]
    await database.query('SELECT pg_terminate_backend($1)', [pid])
    await expect(first.query('SELECT 1')).rejects.toThrow()
    expect((await second.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('an idle server connection that dies is replaced', async () => {
    await start()
    const client = await connect()
    const { pid } = (await client.query('SELECT pg_backend_pid() AS pid')).rows[0]
    await database.query('SELECT pg_terminate_backend($1)', [pid])
    await expect.poll(() => gateway.pool.state.open).toBe(0)
    expect((await client.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('a server that is not there is told', async () => {
    await start({ upstream: 'postgres://127.0.0.1:1/nowhere' })
    await expect(connect()).rejects.toMatchObject({ code: '08006' })
  })

  test('a tenant that is suspended loses its sessions: at once when idle, else with the transaction', async () => {
    await start({ pool: { max: 3 } })
    const idle = await WireClient.connect(gateway.url())
    const busy = await WireClient.connect(gateway.url())
    const other = await connect('bob')
    await busy.send(say.query('BEGIN')).ready()
    const { value } = gateway.catalog
    const acme = value.tenants.get(TenantId.of('acme'))
    if (acme === undefined) throw new Error('acme exists')
    const tenants = new Map(value.tenants).set(acme.id, { ...acme, status: 'suspended' })
    gateway.catalog.replace({ ...value, tenants })
    gateway.registry.enforce(gateway.catalog.value, () => new GatewayError('LOGIN_CHANGED', {}))
    const closed = (line: string) => line === 'closed'
    expect((await idle.until(closed)).join()).toContain('C="57P01"')
    expect((await busy.send(say.query('SELECT 1')).until(closed)).join()).toContain('C="57P01"')
    expect((await other.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('logins that are disabled, suspended, unknown or refused all hear the same', async () => {
    await start()
    const answers = []
    for (const login of ['carol', 'dave', 'nobody'])
      answers.push(
        await connect(login).catch((error: Error & { code: string }) => [
          error.code,
          error.message.replace(login, ''),
        ]),
      )
    expect(new Set(answers.map(String)).size).toBe(1)
    expect(gateway.events.map((event) => 'cause' in event && event.cause)).toEqual([
      'disabled',
      'suspended',
      'unknown_login',
    ])
    await expect(connect('root')).rejects.toMatchObject({ code: '0A000' })
  })

  test('another database than the upstream one is unknown', async () => {
    await start()
    const client = new Client({
      host: '127.0.0.1',
      port: gateway.port,
      user: 'alice',
      password: PASSWORD,
      database: 'postgres',
    })
    await expect(client.connect()).rejects.toMatchObject({ code: '3D000' })
  })

  test('waiting for a connection has a limit', async () => {
    await start({ pool: { max: 1, queueTimeoutMs: 50 } })
    const [first, second] = [await connect(), await connect('bob')]
    await first.query('BEGIN')
    await expect(second.query('SELECT 1')).rejects.toMatchObject({ code: '53300' })
    await first.query('COMMIT')
    expect((await second.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('one tenant cannot take every connection', async () => {
    await start({ pool: { max: 2, perTenant: 1, queueTimeoutMs: 50 } })
    const [first, second, other] = [await connect(), await connect(), await connect('bob')]
    await first.query('BEGIN')
    await expect(second.query('SELECT 1')).rejects.toMatchObject({ code: '53300' })
    expect((await other.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })
})

describe('limits of a tenant', () => {
  const limit = (limits: Partial<Limits>): void => {
    const { value } = gateway.catalog
    const acme = value.tenants.get(TenantId.of('acme'))
    if (acme === undefined) throw new Error('acme exists')
    const tenants = new Map(value.tenants).set(acme.id, { ...acme, settings: { ...acme.settings, limits } })
    gateway.catalog.replace({ ...value, tenants })
  }

  test('on statements in a second are in force at once, for both protocols', async () => {
    await start()
    const [client, other] = [await connect(), await connect('bob')]
    await client.query('SELECT 1')
    limit({ queriesPerSecond: 0.001 })
    await client.query('SELECT 1')
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '53400' })
    await expect(client.query('SELECT $1::int', [1])).rejects.toMatchObject({ code: '53400' })
    limit({})
    expect((await client.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
    expect((await other.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('on statements at a time let the others wait', async () => {
    await start({ pool: { max: 5, queueTimeoutMs: 50 } })
    limit({ concurrentQueries: 1 })
    const [first, second] = [await connect(), await connect()]
    await first.query('BEGIN')
    await expect(second.query('SELECT 1')).rejects.toMatchObject({
      code: '53300',
      message: expect.stringContaining('concurrent'),
    })
    await first.query('COMMIT')
    expect((await second.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('on connections end the login', async () => {
    await start()
    limit({ connections: 1 })
    await connect()
    await expect(connect()).rejects.toMatchObject({ code: '53300' })
  })

  test('on the time of a statement can be lowered by the client and not raised', async () => {
    await start()
    limit({ statementTimeoutMs: 5_000 })
    const client = await connect()
    expect(await show(client, 'statement_timeout')).toBe('5s')
    await client.query(`SET statement_timeout TO '1s'`)
    expect(await show(client, 'statement_timeout')).toBe('1s')
    await client.query('SET statement_timeout TO 0')
    expect(await show(client, 'statement_timeout')).toBe('5s')
    await client.query('BEGIN')
    await client.query('SET statement_timeout TO 0')
    expect(await show(client, 'statement_timeout')).toBe('5s')
    await client.query('ROLLBACK')
  })
})

describe('prepared statements', () => {
  test('are compiled anew when the schema has changed', async () => {
    const seen: number[] = []
    const compiler: Compiler = {
      compile: (text, context) => {
        seen.push(context.snapshot.generation)
        return passThroughCompiler().compile(text, context)
      },
    }
    await start({ compiler })
    const client = await connect()
    const statement = { name: 's', text: 'SELECT $1::int AS x', values: [1] }
    await client.query(statement)
    await client.query(statement)
    gateway.snapshot.replace({ ...gateway.snapshot.value, generation: 2 })
    expect((await client.query(statement)).rows).toEqual([{ x: 1 }])
    expect(seen).toEqual([1, 2])
  })
})

async function untilRunning(query: string): Promise<void> {
  await expect.poll(() => running(query), { timeout: 10_000 }).toBe(1)
}

async function untilGone(query: string): Promise<void> {
  await expect.poll(() => running(query), { timeout: 10_000 }).toBe(0)
}

async function running(query: string): Promise<unknown> {
  const { rows } = await database.query(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE query = $1 AND state = 'active'`,
    [query],
  )
  return rows[0]?.n
}
