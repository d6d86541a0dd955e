import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type TestGateway, testGateway } from '../support/gateway.js'
import { say, WireClient } from '../support/wire-client.js'

const RUNS = process.env.TENANTGATE_TEST_FULL === '1' ? 3_000 : 100

let database: TestDatabase
let gateway: TestGateway

beforeAll(async () => {
  database = await testDatabase({ sql: 'CREATE TABLE notes (id int)' })
  // few of everything: statements are evicted, connections change hands
  gateway = await testGateway({ upstream: database.url, pool: { max: 3, preparedStatements: 2 } })
})
afterAll(async () => {
  await gateway.stop()
  await database.drop()
  expect(gateway.bugs).toEqual([])
})

const name = fc.constantFrom('', '', 'a', 'b')
const text = fc.constantFrom(
  ...[
    'SELECT 1',
    'SELECT 2 AS x',
    'SELECT g FROM generate_series(1, 4) g',
    'SELECT 1/0',
    'SELECT nonsense',
    '',
  ],
  ...['BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT s', 'ROLLBACK TO s', 'INSERT INTO notes VALUES (1)'],
  ...[`SET timezone TO 'Asia/Tokyo'`, 'RESET timezone', `SET LOCAL timezone TO 'UTC'`, 'SHOW timezone'],
)
const named = fc.constantFrom('a', 'b')
const rows = fc.constantFrom(0, 0, 2)
const target = fc.constantFrom<'statement' | 'portal'>('statement', 'portal')
const extended = fc.oneof(
  text.map((sql) => [say.parse('', sql)]),
  // whether a name is taken is asked before looking at the transaction, where the server asks last
  fc
    .tuple(name, fc.constantFrom('SELECT 1', 'SELECT 3 AS y'))
    .map(([statement, sql]) => [say.close('statement', statement), say.parse(statement, sql)]),
  fc.tuple(name, name).map(([portal, statement]) => [say.bind(portal, statement)]),
  // the unnamed portal runs behind its Bind alone: of a query that failed the server keeps one that ends the server itself when
  // it is executed, which the gateway never does (unnamed-portal.test.ts), but here the server is asked directly as well
  fc.tuple(named, rows).map(([portal, maxRows]) => [say.execute(portal, maxRows)]),
  fc
    .tuple(name, rows)
    .map(([statement, maxRows]) => [
      say.bind('', statement),
      say.execute('', maxRows),
      say.execute('', maxRows),
    ]),
  fc.tuple(target, name).map(([kind, of]) => [say.describe(kind, of)]),
  fc.tuple(target, name).map(([kind, of]) => [say.close(kind, of)]),
  text.map((sql) => [say.parse('', sql), say.bind('', ''), say.execute('')]),
  fc.constant([say.flush]),
)
/** One ReadyForQuery each. */
const cycle = fc.oneof(
  fc.array(extended, { maxLength: 8 }).map((messages) => [...messages.flat(), say.sync]),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((texts) => [say.query(texts.join(';'))]),
)
/** Some cycles are sent before the answers to the earlier ones have come. */
const conversation = fc.array(fc.array(cycle, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 })

async function converse(url: string, bursts: readonly (readonly (readonly Buffer[])[])[]) {
  const client = await WireClient.connect(url)
  await database.query('TRUNCATE notes')
  const answers: string[] = []
  for (const burst of bursts) {
    client.send(...burst.flat())
    answers.push(...(await client.ready(burst.length)))
  }
  client.close()
  return withoutLateErrors(answers)
}

/** In a transaction that has failed everything fails; for which of its reasons first is left open. */
function withoutLateErrors(answers: readonly string[]): readonly string[] {
  let hasFailed = false
  return answers.map((line) => {
    if (line.startsWith('< ReadyForQuery')) hasFailed = line.includes('"E"')
    return hasFailed && line.startsWith('< ErrorResponse') ? '< ErrorResponse' : line
  })
}

test('whatever a client says, it hears what the server would have said', async () => {
  await fc.assert(
    fc.asyncProperty(conversation, async (bursts) => {
      const direct = await converse(database.url, bursts)
      expect(await converse(gateway.url(), bursts)).toEqual(direct)
    }),
    { numRuns: RUNS, endOnFailure: false },
  )
})
