import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { availableServers } from '../support/servers.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'
import { say, WireClient } from '../support/wire-client.js'

/** A client that keeps what it hears, as `channel: payload`. */
class Listener {
  readonly client: Client
  readonly heard: string[] = []
  readonly senders: number[] = []
  #wake: () => void = () => {}

  constructor(url: string) {
    this.client = new Client({ connectionString: url })
    this.client.on('error', () => {})
    this.client.on('notification', ({ channel, payload = '', processId }) => {
      this.heard.push(`${channel}: ${payload}`)
      this.senders.push(processId)
      this.#wake()
    })
  }

  /** What has been heard, once that was the last of it. */
  async until(last: string): Promise<readonly string[]> {
    while (this.heard.at(-1) !== last)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    return this.heard
  }
}

describe.each(availableServers())('channels, on $label', (server) => {
  let database: TestDatabase
  let gateway: WholeGateway
  const open: Listener[] = []

  beforeAll(async () => {
    database = await testDatabase({ server, sql: '' })
    gateway = await wholeGateway(database, { policy: { relations: {} } })
  })
  afterEach(async () => {
    for (const { client } of open.splice(0)) await client.end()
  })
  afterAll(async () => {
    await gateway.stop()
    await database.drop()
  })

  async function connect(tenant: string): Promise<Listener> {
    const listener = new Listener(gateway.url(tenant))
    await listener.client.connect()
    open.push(listener)
    return listener
  }

  test('a session that is idle hears its own tenant, by the name it listens to, and nobody else', async () => {
    const [acme, other, globex] = [await connect('acme'), await connect('acme'), await connect('globex')]
    await acme.client.query('LISTEN news')
    await globex.client.query('LISTEN news')
    await globex.client.query("NOTIFY news, 'of globex'")
    await database.query("NOTIFY news, 'of nobody'")
    await other.client.query("NOTIFY news, 'of acme'")
    await other.client.query("NOTIFY olds, 'of acme'")
    await other.client.query('NOTIFY news')
    expect(await acme.until('news: ')).toEqual(['news: of acme', 'news: '])
    await globex.client.query("NOTIFY news, 'at last'")
    expect(await globex.until('news: at last')).toEqual(['news: of globex', 'news: at last'])
    expect(other.heard).toEqual([])
  })

  test('a notification is sent at COMMIT, and not after ROLLBACK', async () => {
    const [acme, other] = [await connect('acme'), await connect('acme')]
    await acme.client.query('LISTEN news')
    await other.client.query("BEGIN; NOTIFY news, 'first'")
    await other.client.query("SELECT pg_notify('news', 'second')")
    await acme.client.query('SELECT 1')
    expect(acme.heard).toEqual([])
    await other.client.query('COMMIT')
    expect(await acme.until('news: second')).toEqual(['news: first', 'news: second'])
    await other.client.query("BEGIN; NOTIFY news, 'never'; ROLLBACK")
    await other.client.query(
      "BEGIN; SAVEPOINT a; NOTIFY news, 'never'; ROLLBACK TO a; NOTIFY news, 'third'; COMMIT",
    )
    expect(await acme.until('news: third')).toEqual(['news: first', 'news: second', 'news: third'])
  })

  test('LISTEN holds from COMMIT on, and UNLISTEN likewise', async () => {
    const [acme, other] = [await connect('acme'), await connect('acme')]
    await acme.client.query('BEGIN; LISTEN lost; ROLLBACK')
    await acme.client.query('BEGIN; LISTEN kept; SAVEPOINT a; LISTEN undone; ROLLBACK TO a; COMMIT')
    await acme.client.query('BEGIN; UNLISTEN kept; ROLLBACK')
    await acme.client.query('LISTEN brief; UNLISTEN brief; LISTEN last')
    for (const channel of ['lost', 'undone', 'brief', 'kept', 'last'])
      await other.client.query(`NOTIFY ${channel}`)
    expect(await acme.until('last: ')).toEqual(['kept: ', 'last: '])
    await acme.client.query('UNLISTEN *; LISTEN again')
    await other.client.query('NOTIFY kept; NOTIFY again')
    expect(await acme.until('again: ')).toEqual(['kept: ', 'last: ', 'again: '])
  })

  test.each([
    ['an ordinary one', 'news'],
    ['one that is quoted', 'Größe "x" \'y\' \\'],
    ['one as long as can be', 'x'.repeat(63)],
    ['one that looks like the server’s', `tg_${'0'.repeat(40)}`],
  ])('a name means the same to LISTEN, NOTIFY and pg_notify(): %s', async (_title, name) => {
    const acme = await connect('acme')
    const { client } = acme
    const quoted = client.escapeIdentifier(name)
    await client.query(`LISTEN ${quoted}`)
    await client.query(`NOTIFY ${quoted}, '1'`)
    await client.query('SELECT pg_notify($1, $2)', [name, '2'])
    await client.query(`SELECT pg_notify(${client.escapeLiteral(name)}, '3')`)
    await client.query('SELECT pg_notify(left(c, 1) || right(c, -1), $2) FROM unnest($1::text[]) c', [
      [name],
      '4',
    ])
    expect(await acme.until(`${name}: 4`)).toEqual(
      ['1', '2', '3', '4'].map((payload) => `${name}: ${payload}`),
    )
    expect(new Set(acme.senders)).toEqual(new Set([(client as unknown as { processID: number }).processID]))
    await client.query(`UNLISTEN ${quoted}`)
    await client.query(`LISTEN last; NOTIFY ${quoted}, '5'; NOTIFY last`)
    await acme.until('last: ')
    expect(acme.heard).not.toContain(`${name}: 5`)
  })

  test("another session's process isn't taken for one's own", async () => {
    const [acme, other] = [await connect('acme'), await connect('acme')]
    await acme.client.query('LISTEN news')
    await other.client.query('NOTIFY news')
    await acme.until('news: ')
    expect(acme.senders).not.toContain((acme.client as unknown as { processID: number }).processID)
  })

  test('a trigger that computes the name of the channel as the manual says is heard', async () => {
    const [acme, globex] = [await connect('acme'), await connect('globex')]
    await acme.client.query('LISTEN orders')
    await globex.client.query('LISTEN orders')
    await database.query(
      `SELECT pg_notify('tg_' || left(encode(sha256(convert_to(tenant || '/' || 'orders', 'UTF8')), 'hex'), 40), tenant)
       FROM unnest(ARRAY['globex', 'acme']) AS tenant`,
    )
    expect(await acme.until('orders: acme')).toEqual(['orders: acme'])
    expect(await globex.until('orders: globex')).toEqual(['orders: globex'])
  })

  test.each([
    ['an empty name', "SELECT pg_notify('', 'x')", '22023'],
    ['no name', "SELECT pg_notify(NULL, 'x')", '22023'],
    ['a name that is too long', "SELECT pg_notify(repeat('x', 64), 'x')", '22023'],
    ['a name of too many bytes', "SELECT pg_notify(repeat('é', 32), 'x')", '22023'],
    ['a payload that is too long', "SELECT pg_notify('a', repeat('x', 8000))", '22023'],
    ['a name of another type', "SELECT pg_notify(1, 'x')", '42883'],
  ])('the server refuses %s', async (_title, text, code) => {
    const { client } = await connect('acme')
    await expect(client.query(text)).rejects.toMatchObject({ code })
    await expect(client.query(text.replace('pg_notify', 'pg_catalog.pg_notify'))).rejects.toMatchObject({
      code,
    })
  })

  test('what is notified in a pipeline comes in front of the ReadyForQuery', async () => {
    const client = await WireClient.connect(gateway.url('acme'))
    const one = (text: string) => [say.parse('', text), say.bind('', ''), say.execute('')]
    client.send(...one('LISTEN a'), say.sync, ...one("NOTIFY a, 'x'"), say.sync, say.query('SELECT 1'))
    const lines = (await client.ready(3)).map((line) => line.split(' ')[1])
    const ending = lines.slice(lines.indexOf('NotificationResponse') - 1)
    expect(ending.slice(0, 3)).toEqual(['CommandComplete', 'NotificationResponse', 'ReadyForQuery'])
    client.close()
  })
})

describe.each(availableServers())('with one server connection for all, on $label', (server) => {
  let database: TestDatabase
  let gateway: WholeGateway
  const open: Listener[] = []

  beforeAll(async () => {
    database = await testDatabase({ server, sql: '' })
    gateway = await wholeGateway(database, { policy: { relations: {} }, upstream: { pool: { max: 1 } } })
  })
  afterEach(async () => {
    for (const { client } of open.splice(0)) await client.end()
  })
  afterAll(async () => {
    await gateway.stop()
    await database.drop()
  })

  async function connect(tenant: string): Promise<Listener> {
    const listener = new Listener(gateway.url(tenant))
    await listener.client.connect()
    open.push(listener)
    return listener
  }

  test('a session that listens keeps it until it has left its last channel', async () => {
    const [acme, globex] = [await connect('acme'), await connect('globex')]
    await acme.client.query('LISTEN a; LISTEN b')
    const order: string[] = []
    const waiting = globex.client.query('SELECT 1').then(() => order.push('globex'))
    await acme.client.query('UNLISTEN a').then(() => order.push('acme'))
    await acme.client.query('UNLISTEN b').then(() => order.push('acme'))
    await waiting
    expect(order).toEqual(['acme', 'acme', 'globex'])
  })

  test('the next session doesn’t hear what the one before it listened to', async () => {
    const acme = await connect('acme')
    await acme.client.query('LISTEN news')
    await open.splice(0)[0]?.client.end()
    const next = await connect('acme')
    await next.client.query('LISTEN olds')
    await next.client.query('NOTIFY news; NOTIFY olds')
    expect(await next.until('olds: ')).toEqual(['olds: '])
  })
})
