import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type Listener, listen } from '../../../src/net/listener.js'
import { encodeStartupPacket } from '../../../src/wire/startup-packet.js'
import { trace } from '../../../src/wire/trace.js'

const STARTUP = encodeStartupPacket({
  kind: 'startup-message',
  minorVersion: 0,
  parameters: new Map([['user', 'a']]),
})
const SSL_REQUEST = encodeStartupPacket({ kind: 'ssl-request' })
const CANCEL = encodeStartupPacket({ kind: 'cancel-request', processId: 1, secret: Buffer.from('abcd') })

const listeners: Listener[] = []
const clients: Socket[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  for (const listener of listeners.splice(0)) {
    listener.destroyConnections()
    await listener.close()
  }
})

/** Echoes; `greetings` resolves with each accepted socket. */
async function echoListener(maxConnections: number): Promise<{ listener: Listener; accepted: Socket[] }> {
  const accepted: Socket[] = []
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    maxConnections,
    tls: null,
    onConnection: (socket) => {
      accepted.push(socket)
      socket.on('data', (chunk) => socket.write(chunk))
    },
    onError: (error) => {
      throw error
    },
  })
  listeners.push(listener)
  return { listener, accepted }
}

async function dial(listener: Listener, first: Buffer): Promise<Socket> {
  const client = connect(listener.port, listener.host)
  clients.push(client)
  client.on('error', () => {})
  await once(client, 'connect')
  client.write(first)
  return client
}

async function received(client: Socket): Promise<Buffer> {
  const [chunk] = await once(client, 'data')
  return chunk as Buffer
}

async function everything(client: Socket): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of client) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test('takes a free port and hands out connections', async () => {
  const { listener } = await echoListener(1)
  expect(listener.port).toBeGreaterThan(0)
  expect(await received(await dial(listener, STARTUP))).toEqual(STARTUP)
  expect(listener.connections).toBe(1)
})

test('tells clients above the limit why, after their request for TLS and their startup packet', async () => {
  const { listener, accepted } = await echoListener(1)
  await received(await dial(listener, STARTUP))
  const client = await dial(listener, SSL_REQUEST)
  expect((await received(client)).toString()).toBe('N')
  client.write(STARTUP)
  expect(trace('backend', await everything(client))).toEqual([
    '< ErrorResponse fields={S="FATAL" V="FATAL" C="53300" M="sorry, too many clients already"}',
  ])
  expect(accepted).toHaveLength(1)
})

test('lets a cancel request in above the limit, its bytes unread', async () => {
  const { listener, accepted } = await echoListener(1)
  await received(await dial(listener, STARTUP))
  expect(await received(await dial(listener, CANCEL))).toEqual(CANCEL)
  expect(accepted).toHaveLength(2)
})

test('cuts off a client above the limit that sends anything else', async () => {
  const { listener } = await echoListener(0)
  expect(await everything(await dial(listener, Buffer.from('GET / HTTP/1.1\r\n\r\n')))).toHaveLength(0)
})

test('has room again when a client goes', async () => {
  const { listener, accepted } = await echoListener(1)
  const first = await dial(listener, STARTUP)
  await received(first)
  first.destroy()
  await Promise.all(accepted.map((socket) => once(socket, 'close')))
  expect(await received(await dial(listener, STARTUP))).toEqual(STARTUP)
})

test('close waits for the last connection and accepts no other', async () => {
  const { listener } = await echoListener(2)
  const client = await dial(listener, STARTUP)
  await received(client)
  let closed = false
  const closing = listener.close().then(() => {
    closed = true
  })
  const late = connect(listener.port, listener.host)
  clients.push(late)
  await once(late, 'error')
  expect(closed).toBe(false)
  client.end()
  await closing
  expect(closed).toBe(true)
})

test('a connection that breaks does not bring the process down', async () => {
  const { listener, accepted } = await echoListener(1)
  const client = await dial(listener, STARTUP)
  await received(client)
  const closed = Promise.all(
    accepted.map((socket) => new Promise((resolve) => socket.once('close', resolve))),
  )
  client.resetAndDestroy()
  expect(await closed).toEqual([true])
  expect(listener.connections).toBe(0)
})

test('an address that is taken fails the start', async () => {
  const { listener } = await echoListener(1)
  const options = {
    host: '127.0.0.1',
    maxConnections: 1,
    tls: null,
    onConnection: () => {},
    onError: () => {},
  }
  await expect(listen({ ...options, port: listener.port })).rejects.toThrow('EADDRINUSE')
})
