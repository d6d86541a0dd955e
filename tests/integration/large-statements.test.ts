import type { Worker } from 'node:worker_threads'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'
import { say, WireClient } from '../support/wire-client.js'

const SCHEMA = `CREATE TABLE orders (id int NOT NULL, tenant_id text NOT NULL DEFAULT 'acme', note text, PRIMARY KEY (tenant_id, id));
  INSERT INTO orders SELECT g, 'acme', 'note ' || g FROM generate_series(1, 500) g`
const OTHERS = `; INSERT INTO orders SELECT g, 'globex', 'canary' FROM generate_series(1, 500) g`
const MEGABYTE = 2 ** 20

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)
const chain = (terms: number) => `SELECT ${'1+'.repeat(terms - 1)}1 AS n`
const list = `SELECT count(*)::int AS n, sum(id)::int AS s FROM orders WHERE id IN (${numbers(100_000).join(', ')})`
const rows = numbers(25_000).map((i) => `(${1_000 + i}, 'a note that is some thirty long ${i}')`)
const inserts = `INSERT INTO orders (id, note) VALUES ${rows.join(',')}`

let database: TestDatabase
let own: TestDatabase
let gateway: WholeGateway
/** Every thread that was started while the file runs. */
const threads: Worker[] = []
const noteThread = (worker: Worker): void => void threads.push(worker)

beforeAll(async () => {
  process.on('worker', noteThread)
  ;[database, own] = await Promise.all([
    testDatabase({ sql: SCHEMA + OTHERS }),
    testDatabase({ sql: SCHEMA }),
  ])
  gateway = await wholeGateway(database)
})

afterAll(async () => {
  process.off('worker', noteThread)
  await Promise.all([database.drop(), own.drop()])
})

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** What a client gets for a text: rows and their number, or the SQLSTATE. */
async function answerOf(client: Client, text: string): Promise<unknown> {
  try {
    const { rowCount, rows: got } = await client.query(text)
    return { rowCount, rows: got }
  } catch (error) {
    return (error as { readonly code?: string }).code
  }
}

/** A session that asks one small thing after the other. */
class Asking {
  answers = 0
  #isOver = false
  readonly #client: Client
  readonly #ended: Promise<void>

  constructor(client: Client) {
    this.#client = client
    this.#ended = this.#ask()
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await this.#ended
    await this.#client.end()
  }

  async #ask(): Promise<void> {
    while (!this.#isOver) {
      const { rows: got } = await this.#client.query(
        'SELECT count(*)::int AS n FROM orders WHERE note = $1',
        ['canary'],
      )
      expect(got).toEqual([{ n: 500 }])
      this.answers += 1
    }
  }
}

describe('a large statement', () => {
  test.each([
    ['of 10 MB', `SELECT count(*)::int AS n FROM orders WHERE note <> '${'x'.repeat(10 * MEGABYTE)}'`],
    ['with 100,000 elements', list],
    ['with 1 MB of rows', inserts],
    ['with a chain of 3,000 terms', chain(3_000)],
    ['that is nested 5,000 deep', `SELECT ${'('.repeat(5_000)}7${')'.repeat(5_000)} AS n`],
    ['with a chain of 100,000 terms', chain(100_000)],
    ['with a chain of 300,000 terms', chain(300_000)],
  ])('%s is answered as by a private database, and others meanwhile', async (_title, text) => {
    const [client, direct] = await Promise.all([connected(gateway.url('acme')), connected(own.url)])
    const asking = new Asking(await connected(gateway.url('globex')))
    await expect.poll(() => asking.answers).toBeGreaterThan(0)
    const before = asking.answers
    const answer = await answerOf(client, text)
    expect(asking.answers - before).toBeGreaterThan(2)
    await asking.stop()
    expect(answer).toEqual(await answerOf(direct, text))
    const all = 'SELECT count(*)::int AS n, sum(hashtext(note))::text AS s FROM orders'
    expect(await answerOf(client, all)).toEqual(await answerOf(direct, all))
    await Promise.all([client.end(), direct.end()])
  })

  test.each([
    ['that is nested 100,000 deep', `SELECT ${'('.repeat(100_000)}7${')'.repeat(100_000)}`, '54001'],
    ['that is longer than any may be', `SELECT '${'x'.repeat(16 * MEGABYTE)}'`, '54000'],
    ['that has an error at its end', `${list} )`, '42601'],
    ['that reads what it may not', list.replace('FROM orders', 'FROM pg_authid'), '42501'],
  ])('%s is refused', async (_title, text, sqlstate) => {
    const client = await connected(gateway.url('acme'))
    expect(await answerOf(client, text)).toBe(sqlstate)
    expect(await answerOf(client, 'SELECT 1 AS n')).toEqual({ rowCount: 1, rows: [{ n: 1 }] })
    await client.end()
  })

  test('can be prepared, executed again, and prepared anew when the schema has changed', async () => {
    const client = await connected(gateway.url('acme'))
    const text = `SELECT count(*)::int AS n FROM orders WHERE id < $1 AND id IN (${numbers(5_000).join()})`
    const ask = async (below: number) => (await client.query({ name: 'large', text, values: [below] })).rows
    expect([await ask(11), await ask(101)]).toEqual([[{ n: 10 }], [{ n: 100 }]])
    await database.query('ALTER TABLE orders ADD COLUMN more int')
    await gateway.gateway.refresh()
    expect(await ask(51)).toEqual([{ n: 50 }])
    await client.end()
  })

  test('keeps its place among the messages of a pipeline', async () => {
    const client = await WireClient.connect(gateway.url('acme'))
    const run = (text: string) => [say.parse('', text), say.bind('', ''), say.execute('')]
    client.send(...run('SELECT 1'), ...run(chain(3_000)), ...run('SELECT 2'), say.sync, say.query('SELECT 4'))
    const values = (await client.ready(2)).flatMap(
      (line) => /DataRow values=\["(.*)"\]/.exec(line)?.[1] ?? [],
    )
    expect(values).toEqual(['1', '3000', '2', '4'])
    client.close()
  })

  test("of a client that leaves is nobody else's concern", async () => {
    const client = await WireClient.connect(gateway.url('acme'))
    client.send(say.query(list))
    client.close()
    const other = await connected(gateway.url('acme'))
    expect(await answerOf(other, list.replace('WHERE', 'WHERE true AND'))).toMatchObject({ rowCount: 1 })
    await other.end()
  })
})

test('threads end with the gateway', async () => {
  expect(threads.length).toBeGreaterThan(0)
  await gateway.stop()
  expect(threads.map(({ threadId }) => threadId)).toEqual(threads.map(() => -1))
})
