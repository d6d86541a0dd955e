import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CompiledText } from '../../src/sql/compiled.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type TestGateway, testGateway } from '../support/gateway.js'
import { passThroughCompiler } from '../support/pass-through-compiler.js'
import { say, WireClient } from '../support/wire-client.js'

const MEGABYTES = process.env.TENANTGATE_TEST_FULL === '1' ? 2_048 : 256
const ROW_BYTES = 8_192
/** Far below what is streamed, far above what buffers and the garbage collector need. */
const MAX_GROWTH = 100 * 1024 * 1024

let database: TestDatabase
let gateway: TestGateway

beforeAll(async () => {
  database = await testDatabase()
  gateway = await testGateway({ upstream: database.url, compiler: passThroughCompiler(copyFromStdin) })
})
afterAll(async () => {
  await gateway.stop()
  await database.drop()
})

/** What the real compiler says of a COPY into a table of `fields` columns, the last of them the tenant's. */
function copyFromStdin(text: string): Partial<CompiledText> {
  const [, relation] = /^COPY (\w+) FROM STDIN/.exec(text) ?? []
  if (relation === undefined) return {}
  const form = {
    format: 'text',
    delimiter: '\t',
    quote: '"',
    escape: '"',
    nullText: '\\N',
    defaultText: null,
  } as const
  const tenant = {
    column: 'tenant_id',
    type: 'pg_catalog.text',
    tenant: 'append',
    fields: 3,
    index: 2,
  } as const
  const copyIn = { ...form, header: false, endMarker: false, relation, ...tenant }
  return { statements: [{ command: 'COPY', effects: [], tag: null, pin: null, copyIn }] }
}

const rows = (megabytes: number) =>
  `SELECT repeat('x', ${ROW_BYTES}) FROM generate_series(1, ${(megabytes * 1024 * 1024) / ROW_BYTES})`

/** Reads until the result is over, only counting; calls `onChunk` with the bytes so far. */
async function drain(client: WireClient, atLeast: number, onChunk: (bytes: number) => void): Promise<number> {
  let bytes = 0
  client.socket.removeAllListeners('data')
  return new Promise((resolve) => {
    client.socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      onChunk(bytes)
      if (bytes > atLeast && chunk.subarray(-6).equals(Buffer.from([0x5a, 0, 0, 0, 5, 0x49]))) resolve(bytes)
    })
  })
}

describe.each([
  ['a tenant', 'alice'],
  ['an operator', 'root'],
])('a large result of %s', (_who, login) => {
  test(`of ${MEGABYTES} MB goes through in constant memory`, async () => {
    const client = await WireClient.connect(gateway.url(login))
    const total = MEGABYTES * 1024 * 1024
    let peak = 0
    let nextLook = 0
    const start = process.memoryUsage().rss
    client.send(say.query(rows(MEGABYTES)))
    const bytes = await drain(client, total, (sofar) => {
      if (sofar < nextLook) return
      nextLook = sofar + 4 * 1024 * 1024
      peak = Math.max(peak, process.memoryUsage().rss)
    })
    expect(bytes).toBeGreaterThan(total)
    expect(peak - start).toBeLessThan(MAX_GROWTH)
    client.close()
  })

  test('waits for a client that does not read', async () => {
    const client = await WireClient.connect(gateway.url(login))
    const start = process.memoryUsage().rss
    client.socket.pause()
    client.send(say.query(rows(MEGABYTES)))
    await backendWaits()
    expect(process.memoryUsage().rss - start).toBeLessThan(MAX_GROWTH)
    const drained = drain(client, MEGABYTES * 1024 * 1024, () => {})
    client.socket.resume()
    expect(await drained).toBeGreaterThan(MEGABYTES * 1024 * 1024)
    client.close()
  })

  test('that nobody reads to its end ends with its client', async () => {
    const client = await WireClient.connect(gateway.url(login))
    client.socket.pause()
    client.send(say.query(rows(MEGABYTES)))
    await backendWaits()
    client.close()
    await once(client.socket, 'close')
    await expect.poll(() => gateway.pool.state.open).toBe(gateway.pool.state.idle)
    const next = await WireClient.connect(gateway.url('bob'))
    expect((await next.send(say.query('SELECT 1')).ready()).join()).toContain('DataRow')
    next.close()
  })
})

describe('a large statement', () => {
  test('arrives whole, and a value of many chunks comes back', async () => {
    const client = await WireClient.connect(gateway.url())
    const value = 'ä'.repeat(8 * 1024 * 1024)
    client.send(
      say.parse('', 'SELECT length($1::text), $1::text'),
      say.bind('', '', value),
      say.execute(''),
      say.sync,
    )
    const answers = await client.ready()
    expect(answers[2]).toBe(`< DataRow values=["${value.length}" "${value}"]`)
    client.close()
  })

  test('that a client cuts into single bytes is put together again', async () => {
    const client = await WireClient.connect(gateway.url())
    const bytes = Buffer.concat([
      ...[say.parse('', 'SELECT $1::int'), say.bind('', '', '1'), say.execute(''), say.sync],
      say.query('SELECT 2'),
    ])
    for (const byte of bytes) {
      client.socket.write(Buffer.from([byte]))
      await new Promise((resolve) => setImmediate(resolve))
    }
    const answers = await client.ready(2)
    expect(answers.filter((line) => line.includes('DataRow'))).toEqual([
      '< DataRow values=["1"]',
      '< DataRow values=["2"]',
    ])
    client.close()
  })
})

describe('COPY', () => {
  test('from the client streams through, and what comes after its failure is ignored', async () => {
    await database.query('CREATE TABLE lines (n int, t text, tenant_id text)')
    const client = await WireClient.connect(gateway.url())
    const line = Buffer.from(`1\t${'y'.repeat(100_000)}\n`)
    client.send(say.query('COPY lines FROM STDIN'))
    await client.until((answer) => answer.startsWith('< CopyInResponse'))
    for (let index = 0; index < 50; index++) client.send(say.copyData(line))
    client.send(say.copyDone)
    expect((await client.ready()).join()).toContain('COPY 50')
    client.send(say.query('COPY lines FROM STDIN'))
    await client.until((answer) => answer.startsWith('< CopyInResponse'))
    client.send(say.copyData(Buffer.from('no number\tx\n')), say.copyData(line), say.copyDone)
    expect((await client.ready()).join()).toContain('C="22P02"')
    expect((await client.send(say.copyData(line), say.query('SELECT 1')).ready()).join()).toContain('DataRow')
    client.close()
  })

  test('by the extended protocol', async () => {
    await database.query('CREATE TABLE pairs (a int, b int, tenant_id text)')
    const client = await WireClient.connect(gateway.url())
    client.send(say.parse('', 'COPY pairs FROM STDIN'), say.bind('', ''), say.execute(''), say.sync)
    await client.until((answer) => answer.startsWith('< CopyInResponse'))
    client.send(say.copyData(Buffer.from('1\t1\n2\t2\n')), say.copyDone, say.sync)
    expect((await client.ready()).join()).toContain('COPY 2')
    expect((await client.send(say.query('SELECT count(*) FROM pairs')).ready()).join()).toContain('"2"')
    client.close()
  })
})

async function backendWaits(): Promise<void> {
  const waiting = async () => {
    const { rows: found } = await database.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event = 'ClientWrite' AND datname = current_database()`,
    )
    return found[0]?.n
  }
  await expect.poll(waiting, { timeout: 20_000 }).toBe(1)
}
