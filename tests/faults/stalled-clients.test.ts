import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Cell } from '../../src/core/current.js'
import type { CopyIn } from '../../src/sql/compiled.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { NO_LIMITS, type TestGateway, testGateway } from '../support/gateway.js'
import { passThroughCompiler } from '../support/pass-through-compiler.js'
import { say, WireClient } from '../support/wire-client.js'

const LARGE = `SELECT repeat('x', 8192) FROM generate_series(1, 8192)`
const COPY = 'COPY notes FROM STDIN'
const closed = (line: string) => line === 'closed'

let database: TestDatabase
let gateway: TestGateway
const clients: WireClient[] = []

beforeAll(async () => {
  database = await testDatabase({ sql: 'CREATE TABLE notes (id int, tenant_id text)' })
  const copyIn: CopyIn = {
    ...{ format: 'text', delimiter: '\t', quote: '"', escape: '"', nullText: '\\N', defaultText: null },
    ...{ header: false, endMarker: false, relation: 'notes', column: 'tenant_id' },
    ...{ type: 'pg_catalog.text', tenant: 'append', fields: 2, index: 1 },
  }
  const statement = { command: 'COPY', effects: [], tag: null, pin: null, copyIn }
  gateway = await testGateway({
    upstream: database.url,
    compiler: passThroughCompiler((text) => (text === COPY ? { statements: [statement] } : {})),
    pool: { max: 1 },
    services: { limits: new Cell({ ...NO_LIMITS, statementTimeoutMs: 400 }) },
  })
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await expect.poll(() => gateway.connections, { timeout: 20_000 }).toBe(0)
  expect(gateway.bugs).toEqual([])
})
afterAll(async () => {
  await gateway.stop()
  await database.drop()
})

async function connected(login = 'alice'): Promise<WireClient> {
  const client = await WireClient.connect(gateway.url(login))
  clients.push(client)
  return client
}

test('a client that takes no rows loses the connection that others wait for', async () => {
  const [stalled, other] = [await connected(), await connected('bob')]
  stalled.socket.pause()
  stalled.send(say.query(LARGE))
  await expect.poll(() => gateway.pool.state.idle, { timeout: 20_000 }).toBe(0)
  expect((await other.send(say.query('SELECT 1')).ready()).join()).toContain('DataRow')
})

test('a client that sends no rows for its COPY is told so', async () => {
  const [stalled, other] = [await connected(), await connected('bob')]
  stalled.send(say.query(COPY))
  await stalled.until((line) => line.startsWith('< CopyInResponse'))
  other.send(say.query('SELECT 1'))
  expect((await stalled.until(closed)).join()).toContain('C="57014"')
  expect((await other.ready()).join()).toContain('DataRow')
})

test('a client that reads and writes slowly is given its time', async () => {
  const client = await connected()
  client.send(say.query(COPY))
  await client.until((line) => line.startsWith('< CopyInResponse'))
  for (let id = 0; id < 3; id += 1) {
    client.send(say.copyData(Buffer.from(`${id}\n`)))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  client.send(say.copyDone)
  expect((await client.ready()).join()).toContain('COPY 3')
  // a wait that is over ends nothing
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect((await client.send(say.query('SELECT count(*) FROM notes')).ready()).join()).toContain('"3"')
})
