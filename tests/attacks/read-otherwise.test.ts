import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'
import { say, WireClient } from '../support/wire-client.js'

const { parse, bind, execute, query, sync } = say
const run = (text: string) => [parse('', text), bind('', ''), execute('')]
const use = (text: string) => [parse('s', text), bind('', 's'), execute('')]
const TOKYO = `SET timezone TO 'Asia/Tokyo'`
const MIDNIGHT = `SELECT extract(epoch FROM '2024-01-01 00:00'::timestamptz)`

/** One burst of messages, and how many ReadyForQuery it brings. */
type Burst = readonly [messages: readonly Buffer[], answers?: number]

/** What a tenant may do so that a statement which others would meet is read, or planned, under its own settings. */
const READ: readonly (readonly [string, string, (text: string) => readonly Burst[]])[] = [
  [
    'under a local setting',
    MIDNIGHT,
    (text) => [
      [[query(`BEGIN; SET LOCAL timezone TO 'Asia/Tokyo'`)]],
      [[...use(text), sync]],
      [[query('COMMIT')]],
    ],
  ],
  ['behind a SET that is on its way', MIDNIGHT, (text) => [[[...run(TOKYO), ...use(text), sync]]]],
  ['behind a query that is on its way', MIDNIGHT, (text) => [[[query(TOKYO), ...use(text), sync], 2]]],
  [
    'behind a call that SQL has fetched',
    MIDNIGHT,
    (text) => [
      [[query('BEGIN')]],
      [[parse('', `SELECT set_config('timezone', 'Asia/Tokyo', true)`), bind('p', ''), sync]],
      [[query('FETCH ALL FROM p')]],
      [[...use(text), sync]],
      [[query('COMMIT')]],
    ],
  ],
  [
    'once it is parsed again',
    MIDNIGHT,
    (text) => [
      [[parse('s', text), sync]],
      [[query(`BEGIN; SET LOCAL timezone TO 'Asia/Tokyo'; DISCARD PLANS`)]],
      [[bind('', 's'), execute(''), sync]],
      [[query('COMMIT')]],
    ],
  ],
  [
    'once it is planned',
    'SELECT pi()::text',
    (text) => [
      [[parse('s', text), sync]],
      [[query('BEGIN; SET LOCAL extra_float_digits TO -14')]],
      [[bind('', 's'), execute(''), sync]],
      [[query('COMMIT')]],
    ],
  ],
  [
    'by how bytes are written',
    `SELECT '\\x00'::bytea::text`,
    (text) => [[[query('SET bytea_output TO escape')]], [[...use(text), sync]]],
  ],
  [
    'by how names are quoted',
    `SELECT quote_ident('x')`,
    (text) => [[[query('SET quote_all_identifiers TO on')]], [[...use(text), sync]]],
  ],
]

describe('a statement that sessions share is read under the settings of each', () => {
  let database: TestDatabase
  let whole: WholeGateway
  beforeAll(async () => {
    database = await testDatabase({ sql: 'CREATE TABLE notes (tenant_id text)' })
    whole = await wholeGateway(database, { upstream: { pool: { max: 1 } } })
  })
  afterAll(async () => {
    await whole.stop()
    await database.drop()
  })

  test.each(READ)('%s', async (title, expression, bursts) => {
    const text = `${expression} AS "${title}"`
    const [acme, sibling, globex] = await Promise.all(
      ['acme', 'acme', 'globex'].map((tenant) => WireClient.connect(whole.url(tenant))),
    )
    const direct = rowsOf(await globex?.send(query(text)).ready())
    for (const [messages, answers] of bursts(text)) await acme?.send(...messages).ready(answers)
    for (const other of [sibling, globex]) {
      for (const _each of [1, 2]) await other?.send(query('SELECT 1')).ready()
      expect(rowsOf(await other?.send(...use(text), sync).ready())).toEqual(direct)
    }
    for (const client of [acme, sibling, globex]) client?.close()
  })
})

function rowsOf(lines: readonly string[] = []): readonly string[] {
  return lines.filter((line) => line.includes('DataRow'))
}
