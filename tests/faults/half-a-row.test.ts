import { afterEach, beforeEach, expect, test } from 'vitest'
import { CommandComplete } from '../../src/wire/messages/command-complete.js'
import { DataRow } from '../../src/wire/messages/data-row.js'
import { ReadyForQuery } from '../../src/wire/messages/ready-for-query.js'
import { type TestGateway, testGateway } from '../support/gateway.js'
import { ScriptedServer } from '../support/scripted-server.js'
import { say, WireClient } from '../support/wire-client.js'

const ROW = DataRow.encode({ values: [Buffer.alloc(1_000, 'x')] })
const DONE = Buffer.concat([
  CommandComplete.encode({ commandTag: 'SET' }),
  ReadyForQuery.encode({ status: 'I' }),
])

let server: ScriptedServer
let gateway: TestGateway
let client: WireClient
let heard: Buffer

beforeEach(async () => {
  server = await ScriptedServer.start()
  gateway = await testGateway({ upstream: server.url })
})
afterEach(async () => {
  client.close()
  await gateway.stop()
  await server.stop()
})

/** The client has the first half of a row. */
async function receiveHalf(login: string): Promise<void> {
  server.onMessage = ({ socket }, line) => {
    socket.write(line.includes('rows') ? ROW.subarray(0, 500) : DONE)
  }
  client = await WireClient.connect(gateway.url(login))
  client.socket.removeAllListeners('data')
  heard = Buffer.alloc(0)
  client.socket.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk])
  })
  client.send(say.query('SELECT rows'))
  await expect.poll(() => heard.length, { timeout: 20_000 }).toBe(500)
}

async function end(): Promise<void> {
  await expect.poll(() => client.socket.closed, { timeout: 20_000 }).toBe(true)
}

test.each([
  ['a tenant', 'alice'],
  ['an operator', 'root'],
])(
  'a server that is lost in the middle of a row ends the session of %s, and no error stands for its rest',
  async (_who, login) => {
    await receiveHalf(login)
    server.connections.at(-1)?.socket.destroy()
    await end()
    expect(heard).toEqual(ROW.subarray(0, 500))
  },
)

test.each([
  ['a tenant', 'alice'],
  ['an operator', 'root'],
])('%s who says nonsense while a row arrives hears of it by the end alone', async (_who, login) => {
  await receiveHalf(login)
  client.send(Buffer.from('nonsense'))
  await end()
  expect(heard).toEqual(ROW.subarray(0, 500))
})

test('a server that says nonsense behind the rest of a row has said the row', async () => {
  await receiveHalf('alice')
  const more = Buffer.concat([
    ROW.subarray(500),
    CommandComplete.encode({ commandTag: 'SELECT 1' }),
    Buffer.alloc(9),
  ])
  server.connections.at(-1)?.socket.write(more)
  await end()
  const behind = heard.toString('latin1')
  expect(behind.startsWith(ROW.toString('latin1'))).toBe(true)
  expect(behind.slice(ROW.length)).toMatch(/^C.*E.*08006/s)
})
