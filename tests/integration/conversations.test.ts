import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type TestGateway, testGateway } from '../support/gateway.js'
import { say, WireClient } from '../support/wire-client.js'

const { parse, bind, describe: describeMessage, execute, close, query, sync, flush } = say
const one = (text: string) => [parse('', text), bind('', ''), describeMessage('portal', ''), execute('')]

/**
 * The same messages, sent in the same parts, to the server and to the gateway: the answers must be the same.
 *
 * Each inner list is one write; the answers are awaited up to as many ReadyForQuery as it holds Query and Sync.
 */
const CONVERSATIONS: Readonly<Record<string, readonly (readonly Buffer[])[]>> = {
  'a simple query': [[query('SELECT 1 AS x')]],
  'an empty query': [[query('')], [query(' ; -- nothing')]],
  'several statements in one text': [[query('SELECT 1; SELECT 2; SELECT 3')]],
  'an error in the middle of a text rolls back what came before': [
    [query('INSERT INTO notes VALUES (100); SELECT 1/0; SELECT 2')],
    [query('SELECT count(*) FROM notes')],
  ],
  'an error in an open transaction': [
    [query('BEGIN')],
    [query('SELECT 1/0')],
    [query('SELECT 1')],
    [query('ROLLBACK')],
    [query('SELECT 1')],
  ],
  'a failed transaction that is committed': [[query('BEGIN'), query('SELECT 1/0'), query('COMMIT')]],
  savepoints: [
    [query('BEGIN'), query('SAVEPOINT a'), query('SELECT 1/0'), query('ROLLBACK TO a'), query('SELECT 1')],
    [query('RELEASE a'), query('COMMIT')],
  ],
  'an unnamed statement': [[...one('SELECT 1 AS x'), sync]],
  'an empty statement': [[...one(''), sync]],
  parameters: [[parse('', 'SELECT $1::int + $2::int'), bind('', '', '1', '2'), execute(''), sync]],
  'a named statement over several transactions': [
    [parse('s', 'SELECT $1::text AS t'), sync],
    [bind('', 's', 'a'), execute(''), sync],
    [describeMessage('statement', 's'), sync],
    [bind('', 's', null), execute(''), sync],
    [close('statement', 's'), sync],
    [bind('', 's', 'a'), execute(''), sync],
  ],
  'the unnamed statement over several transactions': [
    [parse('', 'SELECT 1'), sync],
    [bind('', ''), execute(''), sync],
    [bind('', ''), execute(''), sync],
    [parse('', 'SELECT 2'), sync],
    [bind('', ''), execute(''), sync],
  ],
  'the same text again and again': [
    [...one('SELECT 10'), sync],
    [...one('SELECT 10'), sync],
    [...one('SELECT 10'), ...one('SELECT 10'), sync, ...one('SELECT 10'), sync],
  ],
  'a pipeline with one Sync at its end': [
    [
      ...one('INSERT INTO notes VALUES (1)'),
      ...one('INSERT INTO notes VALUES (2)'),
      ...one('SELECT 1'),
      sync,
    ],
  ],
  'a pipeline with several Syncs': [
    [...one('SELECT 1'), sync, ...one('SELECT 2'), sync, ...one('SELECT 3'), sync],
  ],
  'an error in the middle of a pipeline skips to the Sync, and undoes the segment': [
    [
      ...one('INSERT INTO notes VALUES (5)'),
      ...one('SELECT 1/0'),
      ...one('INSERT INTO notes VALUES (6)'),
      sync,
      ...one('SELECT count(*) FROM notes WHERE id IN (5, 6)'),
      sync,
    ],
  ],
  'a statement that was skipped does not exist afterwards': [
    [...one('SELECT 1/0'), parse('later', 'SELECT 1'), sync],
    [bind('', 'later'), execute(''), sync],
    [parse('later', 'SELECT 2'), bind('', 'later'), execute(''), sync],
  ],
  'a Close that was skipped closes nothing': [
    [parse('kept', 'SELECT 1'), sync],
    [...one('SELECT 1/0'), close('statement', 'kept'), sync],
    [bind('', 'kept'), execute(''), sync],
  ],
  'a Parse that fails': [
    [parse('bad', 'SELECT nonsense'), bind('', 'bad'), execute(''), sync],
    [bind('', 'bad'), execute(''), sync],
    [parse('bad', 'SELECT 1'), bind('', 'bad'), execute(''), sync],
  ],
  'a failing Parse takes the unnamed statement with it': [
    [parse('', 'SELECT 1'), sync],
    [parse('', 'SELECT nonsense'), sync],
    [bind('', ''), execute(''), sync],
  ],
  'a statement that exists already': [
    [parse('twice', 'SELECT 1'), sync],
    [parse('twice', 'SELECT 2'), sync],
    [bind('', 'twice'), execute(''), sync],
    [close('statement', 'twice'), parse('twice', 'SELECT 3'), bind('', 'twice'), execute(''), sync],
  ],
  'a portal that is read in parts': [
    [query('BEGIN')],
    [parse('', 'SELECT g FROM generate_series(1, 5) g'), bind('p', ''), execute('p', 2), sync],
    [execute('p', 2), flush, execute('p', 2), sync],
    [execute('p', 2), sync],
    [close('portal', 'p'), sync],
    [execute('p', 2), sync],
    [query('COMMIT')],
  ],
  'a portal ends with its transaction': [
    [parse('', 'SELECT 1'), bind('p', ''), sync],
    [execute('p'), sync],
    [describeMessage('portal', 'p'), sync],
  ],
  'a portal that exists already': [
    [query('BEGIN'), parse('', 'SELECT 1'), bind('p', ''), bind('p', ''), sync, query('ROLLBACK')],
  ],
  'Describe of what is unknown': [
    [describeMessage('statement', 'nowhere'), sync],
    [describeMessage('portal', 'nowhere'), sync],
    [query('BEGIN'), describeMessage('portal', 'nowhere'), sync, query('ROLLBACK')],
  ],
  'Close of what is unknown': [[close('statement', 'nowhere'), close('portal', 'nowhere'), sync]],
  'too few parameters': [[parse('few', 'SELECT $1::int'), bind('', 'few'), execute(''), sync]],
  'a value of the wrong type': [[parse('', 'SELECT $1::int'), bind('', '', 'x'), execute(''), sync]],
  'a Sync alone': [[sync], [sync, sync]],
  'a simple query behind an extended error is skipped': [[...one('SELECT 1/0'), query('SELECT 2'), sync]],
  'transactions by the extended protocol': [
    [...one('BEGIN'), sync],
    [...one('INSERT INTO notes VALUES (50)'), sync],
    [...one('ROLLBACK'), sync],
    [...one('SELECT count(*) FROM notes WHERE id = 50'), sync],
  ],
  'a deferred constraint fails at the Sync': [
    [...one('INSERT INTO children VALUES (-1)'), sync],
    [query('SELECT 1')],
  ],
  notices: [[query(`DO $$BEGIN RAISE NOTICE 'hear'; RAISE WARNING 'me'; END$$`)]],
  'settings that are reported': [
    [query(`SET datestyle TO 'SQL, DMY'`)],
    [query('BEGIN'), query(`SET timezone TO 'UTC'`), query('ROLLBACK')],
    [query('RESET datestyle')],
  ],
  'COPY to the client': [
    [query('COPY (SELECT 1, 2) TO STDOUT')],
    [...one('COPY (SELECT 1) TO STDOUT'), sync],
  ],
  'more statements than a server connection remembers': Array.from({ length: 6 }, (_, index) => [
    parse(`n${index}`, `SELECT ${index}`),
    bind('', `n${index % 2 === 0 ? 0 : index}`),
    execute(''),
    sync,
  ]),
}

describe('conversations read the same as without the gateway', () => {
  let database: TestDatabase
  let gateway: TestGateway

  beforeAll(async () => {
    database = await testDatabase({
      sql: `CREATE TABLE notes (id int);
            CREATE TABLE parents (id int PRIMARY KEY);
            CREATE TABLE children (parent int REFERENCES parents DEFERRABLE INITIALLY DEFERRED)`,
    })
    gateway = await testGateway({ upstream: database.url, pool: { preparedStatements: 3 } })
  })
  afterAll(async () => {
    await gateway.stop()
    await database.drop()
    expect(gateway.bugs).toEqual([])
  })

  async function converse(url: string, parts: readonly (readonly Buffer[])[]) {
    const client = await WireClient.connect(url)
    await database.query('TRUNCATE notes')
    const answers: string[] = []
    for (const messages of parts) {
      const cycles = messages.filter((message) => message[0] === 0x51 || message[0] === 0x53).length
      const isSkipped = messages.some(
        (message, index) => message[0] === 0x51 && messages.slice(0, index).some(isDivision),
      )
      client.send(...messages)
      answers.push(...(await client.ready(isSkipped ? cycles - 1 : cycles)))
    }
    client.close()
    return answers
  }

  function isDivision(message: Buffer): boolean {
    return message[0] === 0x50 && message.includes('1/0')
  }

  test.each(Object.entries(CONVERSATIONS))('%s', async (_, parts) => {
    const direct = await converse(database.url, parts)
    expect(await converse(gateway.url(), parts)).toEqual(direct)
  })

  test('a simple query behind a pipeline without Sync leaves nothing behind for the next client', async () => {
    const answers = await converse(gateway.url(), [[...one('SELECT 1'), query('SELECT 2')], [sync]])
    expect(answers.filter((line) => line.startsWith('< ReadyForQuery'))).toEqual(
      Array(2).fill('< ReadyForQuery status="I"'),
    )
    expect(await converse(gateway.url(), [[...one('SELECT 1'), sync]])).toContain('< DataRow values=["1"]')
  })
})
