import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type GatewayOptions, type TestGateway, testGateway } from '../support/gateway.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'
import { say, WireClient } from '../support/wire-client.js'

const SQL = 'CREATE TABLE secrets (id int PRIMARY KEY)'

let database: TestDatabase
let clients: Client[] = []

beforeAll(async () => {
  database = await testDatabase({ sql: SQL })
})
afterEach(async () => {
  for (const client of clients) await client.end().catch(() => {})
  clients = []
})
afterAll(() => database?.drop())

/** A client, and the SQLSTATE that it is ended with. */
async function connected(url: string): Promise<{ readonly client: Client; readonly ended: Promise<string> }> {
  const client = new Client({ connectionString: url })
  clients.push(client)
  const ended = new Promise<string>((resolve) =>
    client.on('error', (error) => {
      if ('code' in error) resolve(String(error.code))
    }),
  )
  await client.connect()
  return { client, ended }
}

describe('a gateway that is configured for it', () => {
  let own: TestDatabase
  let gate: WholeGateway

  afterEach(async () => {
    await gate?.stop()
    await own?.drop()
  })

  async function open(operators: object): Promise<string> {
    own = await testDatabase({ sql: SQL })
    gate = await wholeGateway(own, { upstream: { operators } })
    await gate.logins.add({ name: 'root', kind: 'operator', tenants: [], password: gate.password })
    await gate.gateway.refresh()
    return gate.loginUrl('root')
  }

  test('serves no operators', async () => {
    const url = await open({ max: 0 })
    await expect(connected(url)).rejects.toMatchObject({ code: '0A000' })
  })

  test('ends an operator’s session that says nothing, with the transaction that it left open', async () => {
    const { client, ended } = await connected(await open({ idleTimeoutMs: 400 }))
    await client.query('SELECT pg_sleep(0.9)')
    await client.query('BEGIN; LOCK TABLE secrets')
    expect(await ended).toBe('57P05')
    await own.query('INSERT INTO secrets VALUES (1)')
  })

  test('ends operators’ sessions when it stops: at once where they wait, and where they don’t their statements too', async () => {
    const url = await open({})
    const waiting = await connected(url)
    const { client } = await connected(url)
    const asleep = client.query("SELECT pg_sleep(60), 'drained'").catch((error: Error) => error)
    await expect.poll(running, { timeout: 30_000 }).toBe(1)
    const stopped = gate.gateway.stop()
    expect(await waiting.ended).toBe('57P01')
    expect(await asleep).toBeInstanceOf(Error)
    await stopped
    await expect.poll(running, { timeout: 30_000 }).toBe(0)
  })

  async function running(): Promise<unknown> {
    const { rows } = await own.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%drained%' AND pid <> pg_backend_pid()",
    )
    return rows[0]?.n
  }
})

describe('what an operator does', () => {
  let gateway: TestGateway
  let wire: WireClient | null = null

  afterEach(async () => {
    wire?.close()
    wire = null
    await gateway?.stop()
  })

  async function spoken(services: GatewayOptions['services']): Promise<WireClient> {
    gateway = await testGateway({ upstream: database.url, ...(services && { services }) })
    wire = await WireClient.connect(gateway.url('root'))
    return wire
  }

  test('is not done where the audit has no room for it', async () => {
    let hasRoom = true
    const client = await spoken({ audit: { record: () => hasRoom } })
    client.send(say.query('BEGIN'), say.parse('s', 'INSERT INTO secrets VALUES (77)'), say.sync)
    await client.ready(2)
    hasRoom = false
    client.send(say.bind('', 's'), say.execute(''), say.sync)
    expect((await client.ready()).join()).toMatch(/58000.*ReadyForQuery status="E"/)
    client.send(say.query('INSERT INTO secrets VALUES (77)'))
    expect((await client.ready()).join()).toContain('58000')
    hasRoom = true
    client.send(say.query('ROLLBACK'), say.query('SELECT count(*) FROM secrets WHERE id = 77'))
    expect(await client.ready(2)).toContain('< DataRow values=["0"]')
  })

  test('has the schema read again once its transaction is over, where it may be another one', async () => {
    let changes = 0
    const client = await spoken({
      schemaChanged: () => {
        changes += 1
      },
    })
    client.send(say.query('SELECT 1; INSERT INTO secrets VALUES (5); DELETE FROM secrets WHERE id = 5'))
    await client.ready()
    client.send(say.query('BEGIN'), say.query('CREATE TABLE made (id int)'))
    await client.ready(2)
    expect(changes).toBe(0)
    client.send(say.query('COMMIT'))
    await client.ready()
    expect(changes).toBe(1)
    client.send(say.parse('', 'DROP TABLE made'), say.bind('', ''), say.execute(''), say.sync)
    await client.ready()
    expect(changes).toBe(2)
  })
})
