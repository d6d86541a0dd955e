import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { UnfinishedMessages } from '../../src/session/unfinished-messages.js'
import { type CancelRequest, encodeStartupPacket } from '../../src/wire/startup-packet.js'
import { trace } from '../../src/wire/trace.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type TestGateway, testGateway } from '../support/gateway.js'
import { heldMemory } from '../support/held-memory.js'
import { say, WireClient } from '../support/wire-client.js'

const MEGABYTE = 1024 * 1024
/** Far below what is sent, far above what a connection needs. */
const MAX_GROWTH = 40 * MEGABYTE
/** A machine that is busy takes its time. */
const SOON = { timeout: 20_000 }
/** All of the limits in front of a login. */
const LOGIN_LIMIT_MS = 10_000

let database: TestDatabase
let gateway: TestGateway
const sockets: Socket[] = []

beforeAll(async () => {
  database = await testDatabase()
  gateway = await testGateway({
    upstream: database.url,
    services: { maxMessageBytes: 256 * MEGABYTE },
  })
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await expect.poll(() => gateway.connections, SOON).toBe(0)
  expect(gateway.registry.size).toBe(0)
  expect(gateway.pool.state.open).toBe(gateway.pool.state.idle)
  expect(gateway.bugs).toEqual([])
})
afterAll(async () => {
  await gateway.stop()
  await database.drop()
})

/** One that never ends its side, whatever it hears. */
async function dial(...first: readonly Buffer[]): Promise<Socket> {
  const socket = connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  sockets.push(socket)
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(Buffer.concat(first))
  return socket
}

const startup = (user: string) =>
  encodeStartupPacket({
    kind: 'startup-message',
    minorVersion: 0,
    parameters: new Map([
      ['user', user],
      ['database', 'app'],
    ]),
  })
const header = (type: string, length: number) => {
  const bytes = Buffer.alloc(5)
  bytes.write(type, 'latin1')
  bytes.writeInt32BE(length, 1)
  return bytes
}
const CANCEL: CancelRequest = { kind: 'cancel-request', processId: 1, secret: Buffer.from('none') }

async function heard(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'end')
  return trace('backend', Buffer.concat(chunks)).join('\n')
}

/** Sends as fast as it is taken, up to so many bytes; gives how many were. */
async function pour(socket: Socket, piece: Buffer, total: number): Promise<number> {
  let sent = 0
  while (sent < total && socket.writable) {
    sent += piece.length
    if (socket.write(piece)) continue
    const taken = await Promise.race([
      once(socket, 'drain'),
      new Promise((resolve) => setTimeout(resolve, 300)),
    ])
    if (taken === undefined) break
  }
  return sent - socket.writableLength
}

/** As if so much time went by: what the gateway waits for is over. */
async function later(ms: number): Promise<void> {
  // what is on its way comes first
  await new Promise((resolve) => setImmediate(resolve))
  await vi.advanceTimersByTimeAsync(ms)
}

describe('time', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test.each([
    ['says nothing', []],
    ['begins its startup packet and goes no further', [startup('alice').subarray(0, 20)]],
    ['never answers the challenge', [startup('alice')]],
    ['begins its answer and goes no further', [startup('alice'), header('p', 100)]],
    ['asks for encryption and says nothing more', [encodeStartupPacket({ kind: 'ssl-request' })]],
    ['begins with TLS where there is none', [Buffer.from([22, 3, 1, 2, 0, 1])]],
  ])('is short for a client that %s', async (_title, bytes) => {
    const socket = await dial(...bytes)
    socket.resume()
    await expect.poll(() => gateway.connections, SOON).toBeLessThanOrEqual(1)
    await expect.poll(() => later(LOGIN_LIMIT_MS).then(() => gateway.connections), SOON).toBe(0)
  })

  test('is not won by a byte now and then', async () => {
    const socket = await dial()
    socket.resume()
    for (const byte of startup('alice').subarray(0, 30)) {
      socket.write(Buffer.from([byte]))
      await later(LOGIN_LIMIT_MS / 10)
    }
    await expect.poll(() => gateway.connections, SOON).toBe(0)
  })

  test.each([
    ['for its answer', [startup('nobody'), Buffer.from('p\0\0\0\x08abcd', 'latin1')]],
    ['for a packet that is none', [Buffer.from('GET / HTTP/1.1\r\n\r\n')]],
    ['behind a cancel request', [encodeStartupPacket(CANCEL)]],
  ])(
    'is short for a client that was told to go %s and stays, and what it sends is kept nowhere',
    async (_title, bytes) => {
      const before = heldMemory()
      const socket = await dial(...bytes)
      socket.resume()
      await once(socket, 'end')
      await pour(socket, Buffer.alloc(65_536), 64 * MEGABYTE)
      expect(heldMemory() - before).toBeLessThan(MAX_GROWTH)
      await expect.poll(() => later(LOGIN_LIMIT_MS).then(() => gateway.connections), SOON).toBe(0)
    },
  )
})

describe('a user name', () => {
  test('of 24 kB is no startup packet', async () => {
    expect(await heard(await dial(startup('x'.repeat(24_000))))).toContain('C="08P01"')
  })

  test('of 9 kB is nobody’s, and is written down in part', async () => {
    const user = 'ä'.repeat(4_500)
    await expect(WireClient.connect(gateway.url(user))).rejects.toMatchObject({ code: '28P01' })
    const [event] = gateway.events.slice(-1)
    expect(event?.subject.login).toBe('ä'.repeat(255))
  })
})

describe('a message that says to have a gigabyte', () => {
  test.each([
    ['as the startup packet', [Buffer.from([0x3f, 0xff, 0xff, 0xff, 0, 3, 0, 0])]],
    ['with a password', [startup('alice'), header('p', 0x3fffffff)]],
  ])('%s is refused at its header', async (_title, bytes) => {
    expect(await heard(await dial(...bytes))).toContain('C="08P01"')
  })

  test.each(['Q', 'P', 'B', 'C', 'f'])('of type %s is refused at its header', async (type) => {
    const client = await WireClient.connect(gateway.url())
    client.send(header(type, 0x3fffffff))
    expect((await client.until((line) => line === 'closed')).join()).toContain('C="08P01"')
  })

  test('takes no memory for what is only announced', async () => {
    const before = heldMemory()
    const clients = await Promise.all(Array.from({ length: 20 }, () => WireClient.connect(gateway.url())))
    for (const client of clients) client.send(header('Q', 255 * MEGABYTE), Buffer.alloc(100_000, 'x'))
    const other = await WireClient.connect(gateway.url('bob'))
    expect(await other.send(say.query('SELECT 1')).ready()).toHaveLength(4)
    other.close()
    expect(heldMemory() - before).toBeLessThan(MAX_GROWTH)
    for (const client of clients) client.close()
  })
})

describe('messages that are never finished', () => {
  let small: TestGateway
  beforeAll(async () => {
    const unfinished = new UnfinishedMessages(4 * MEGABYTE)
    small = await testGateway({ upstream: database.url, services: { unfinished } })
  })
  afterAll(() => small.stop())

  test('of many clients take no more memory than there is for them: who has sent most goes first', async () => {
    const begun = header('Q', 3 * MEGABYTE)
    const [most, less] = [await WireClient.connect(small.url()), await WireClient.connect(small.url())]
    less.send(begun, Buffer.alloc(MEGABYTE, ' '))
    most.send(begun, Buffer.alloc(2.5 * MEGABYTE, ' '))
    const other = await WireClient.connect(small.url('bob'))
    const text = `SELECT ${'1'.padEnd(1.5 * MEGABYTE)}`
    expect(await other.send(say.query(text)).ready()).toHaveLength(4)
    expect((await most.until((line) => line === 'closed')).join()).toContain('C="53200"')
    less.send(Buffer.alloc(2 * MEGABYTE - 5, ' '), Buffer.from([0]))
    expect(await less.ready()).toEqual(['< EmptyQueryResponse', '< ReadyForQuery status="I"'])
    for (const client of [less, other]) client.close()
    await expect.poll(() => small.connections, SOON).toBe(0)
  })
})

describe('a client that asks and never reads', () => {
  test.each([
    ['Parse messages without a Sync', Buffer.concat(Array(500).fill(say.parse('', 'SELECT 1')))],
    ['Flushes', Buffer.concat(Array(10_000).fill(say.flush))],
    ['messages for a portal that isn’t there', Buffer.concat(Array(1_000).fill(say.describe('portal', 'p')))],
    ['Syncs', Buffer.concat(Array(10_000).fill(say.sync))],
    ['queries without a statement', Buffer.concat(Array(5_000).fill(say.query('')))],
    ['queries that are refused', Buffer.concat(Array(5_000).fill(say.query('\xff')))],
    ['statements and rows', Buffer.concat(Array(500).fill(say.query('SELECT repeat($$x$$, 100)')))],
  ])('for %s costs no memory', async (_title, piece) => {
    const client = await WireClient.connect(gateway.url())
    sockets.push(client.socket)
    client.socket.pause()
    const before = heldMemory()
    await pour(client.socket, piece, 16 * MEGABYTE)
    expect(heldMemory() - before).toBeLessThan(MAX_GROWTH)
  })

  test('gets all of its 100,000 answers when it reads at last', async () => {
    const client = await WireClient.connect(gateway.url())
    client.socket.pause()
    for (let i = 0; i < 100; i += 1) client.send(...Array(1_000).fill(say.parse('', 'SELECT 1')))
    client.send(say.sync)
    client.socket.resume()
    expect(await client.ready()).toEqual([
      ...Array(100_000).fill('< ParseComplete'),
      '< ReadyForQuery status="I"',
    ])
    client.close()
  })
})
