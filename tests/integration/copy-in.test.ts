import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CopyFail } from '../../src/wire/messages/copy-fail.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { run } from '../support/run.js'
import { availableServers } from '../support/servers.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'
import { say, WireClient } from '../support/wire-client.js'

const SCHEMA = `
CREATE TABLE notes (id int, note text, tenant_id text NOT NULL);
CREATE TABLE private (id int, note text);
CREATE UNIQUE INDEX ON notes (id, tenant_id);
`

function isAnswer(line: string): boolean {
  return line.startsWith('< CopyInResponse') || line.startsWith('< ReadyForQuery')
}

describe.each(availableServers())('COPY FROM STDIN on PostgreSQL $label', (server) => {
  let database: TestDatabase
  let gateway: WholeGateway
  let client: WireClient

  beforeAll(async () => {
    database = await testDatabase({ server, sql: SCHEMA })
    gateway = await wholeGateway(database, {
      policy: { relations: { 'public.private': { access: 'denied' } } },
    })
  })
  beforeEach(async () => {
    await database.query(`TRUNCATE notes, private; INSERT INTO notes VALUES (5, 'globex’s', 'globex')`)
    client = await WireClient.connect(gateway.url('acme'))
  })
  afterEach(() => client.close())
  afterAll(async () => {
    await gateway.stop()
    await database.drop()
  })

  /** Sends a COPY and its rows; what the server says to them, without what it says first. */
  async function load(statement: string, rows: Buffer | string, by = client): Promise<string> {
    const [answer = ''] = (await by.send(say.query(statement)).until(isAnswer)).slice(-1)
    if (!answer.startsWith('< CopyInResponse')) return answer
    const bytes = Buffer.from(rows as string)
    const half = bytes.length >> 1
    by.send(say.copyData(bytes.subarray(0, half)), say.copyData(bytes.subarray(half)), say.copyDone)
    return (await by.ready()).join('\n')
  }

  async function loaded(): Promise<unknown> {
    const { rows } = await database.query(
      `SELECT id, note FROM notes WHERE tenant_id = 'acme' ORDER BY id, note COLLATE "C"`,
    )
    return rows
  }

  async function untouched(): Promise<void> {
    const { rows } = await database.query('SELECT * FROM notes')
    expect(rows).toEqual([{ id: 5, note: 'globex’s', tenant_id: 'globex' }])
  }

  test('rows of a temporary table are the session’s, whatever they say', async () => {
    await client.send(say.query('CREATE TEMP TABLE mine (id int, tenant_id text)')).ready()
    expect(await load('COPY mine FROM STDIN', '1\tglobex\n2\tacme\n')).toContain('COPY 2')
    const answer = await client.send(say.query('SELECT count(*), max(tenant_id) FROM mine')).ready()
    expect(answer.join('\n')).toContain('globex')
    await untouched()
  })

  test.each([
    ['text', '', '1\ta\\tb\\\nc\n2\t\\N\n3\tä€\n'],
    ['text without a last line end', '', '1\ta\n2\tb'],
    ['text with CR LF and an end marker', '', '1\ta\r\n2\tb\r\n\\.\r\n'],
    ['CSV', '(FORMAT csv)', '1,"a\n,""b"\n2,\n3,""\n'],
    [
      'CSV with a header and its own signs',
      `(FORMAT csv, HEADER, DELIMITER ';', QUOTE '''', ESCAPE '\\', NULL '-')`,
      `id;note\n1;'a\\'\n;'\n2;-\n`,
    ],
    ['CSV, with FORCE_NULL', `(FORMAT csv, FORCE_NULL (note), NULL 'x')`, '1,"x"\n2,y\n'],
    ['CSV with a header that matches', '(FORMAT csv, HEADER match)', 'id,note\n1,a\n'],
    ['CSV with a line of the end marker', '(FORMAT csv)', '1,a\n\\.\n'],
    ['a row filtered by WHERE', `WHERE id > 1 AND note <> 'c'`, '1\ta\n2\tb\n3\tc\n'],
    ['a field too few', '', '1\ta\n2\n'],
    ['a field too many', '(FORMAT csv)', '1,a,globex\n'],
    ['a bad number', '', 'x\ta\n'],
    ['quotes that stay open', '(FORMAT csv)', '1,"a\n'],
    ['a NUL', '', '1\ta\0b\n'],
    ['invalid UTF-8', '', Buffer.from('1\t\xff\n', 'latin1')],
    ['mixed line ends', '', '1\ta\n2\tb\r\n'],
  ])('%s: as a private database has it', async (_title, options, rows) => {
    const direct = await WireClient.connect(database.url)
    const own = await load(`COPY private (id, note) FROM STDIN ${options}`, rows, direct)
    const seen = await load(`COPY notes (id, note) FROM STDIN ${options}`, rows)
    direct.close()
    expect(codes(seen)).toEqual(codes(own))
    const { rows: expected } = await database.query(
      'SELECT id, note FROM private ORDER BY id, note COLLATE "C"',
    )
    expect(await loaded()).toEqual(expected)
  })

  test('binary rows get the tenant as well', async () => {
    const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
    const row = Buffer.from([0, 2, 0, 0, 0, 4, 0, 0, 0, 7, 0, 0, 0, 1, 0x61])
    const stream = Buffer.concat([header, row, Buffer.from([0xff, 0xff])])
    expect(await load('COPY notes (id, note) FROM STDIN (FORMAT binary)', stream)).toContain('COPY 1')
    expect(await loaded()).toEqual([{ id: 7, note: 'a' }])
  })

  test('a client that sends its own tenant may', async () => {
    expect(await load('COPY notes FROM STDIN', '1\ta\tacme\n2\tb\t\\141cme\n')).toContain('COPY 2')
    expect(await load('COPY notes (tenant_id, id) FROM STDIN CSV', '"acme",3\n')).toContain('COPY 1')
    expect(await loaded()).toHaveLength(3)
  })

  test.each([
    ['plain', 'COPY notes FROM STDIN', '1\ta\tacme\n2\tb\tglobex\n'],
    ['in octal', 'COPY notes FROM STDIN', '1\ta\t\\147lobex\n'],
    ['in hexadecimal', 'COPY notes FROM STDIN', '1\ta\t\\x67lobex\n'],
    ['as NULL', 'COPY notes FROM STDIN', '1\ta\t\\N\n'],
    ['quoted', 'COPY notes FROM STDIN CSV', '1,a,"globex"\n'],
    ['in a row without a line end', 'COPY notes FROM STDIN CSV', '1,a,globex'],
    ['in front of the end marker', 'COPY notes FROM STDIN', '1\ta\tglobex\\.\n'],
    ['under a header that claims to be a row', 'COPY notes FROM STDIN CSV', 'id,note,tenant_id\n'],
    ['of a row that exists, whose existence stays unsaid', 'COPY notes FROM STDIN', '5\ta\tglobex\n'],
    ['by a mark for NULL', `COPY notes (id) FROM STDIN (NULL 'acme')`, '1\n'],
    ['first, with the rest cut off', 'COPY notes (tenant_id, id) FROM STDIN', 'globex\t5\n'],
  ])('another tenant’s row fails the COPY: %s', async (_title, statement, rows) => {
    const answer = await load(statement, rows)
    expect(answer).toContain('C="42501"')
    expect(answer).toMatch(/incident [0-9a-f]{12}/)
    expect(answer).not.toMatch(/23505|already exists/)
    await untouched()
    expect(await load('COPY notes (id) FROM STDIN', '9\n')).toContain('COPY 1')
  })

  test.each([
    ['a field too many', 'COPY notes (id, note) FROM STDIN', '1\ta\tglobex\n'],
    ['a field too many behind one too few', 'COPY notes (id, note) FROM STDIN', '1\n5\ta\tglobex\n'],
    ['an end marker in the middle', 'COPY notes (id, note) FROM STDIN', '\\.x\n1\ta\tglobex\n'],
    ['line ends of another kind', 'COPY notes (id, note) FROM STDIN', '1\ta\r2\tb\tglobex\n'],
    [
      'an escape at the end of quotes',
      `COPY notes (id, note) FROM STDIN (FORMAT csv, ESCAPE '\\')`,
      '1,"a\\"\n2,b,globex\n',
    ],
  ])('rows can’t be shifted by %s', async (_title, statement, rows) => {
    expect(await load(statement, rows)).toContain('ErrorResponse')
    await untouched()
  })

  test('fails the transaction it stands in', async () => {
    await client.send(say.query('BEGIN')).ready()
    expect(await load('COPY notes FROM STDIN', '1\ta\tglobex\n')).toContain('status="E"')
    expect((await client.send(say.query('ROLLBACK')).ready()).join()).toContain('status="I"')
  })

  test('by the extended protocol', async () => {
    client.send(
      say.parse('', 'COPY notes (id, note) FROM STDIN'),
      say.bind('', ''),
      say.execute(''),
      say.sync,
    )
    await client.until(isAnswer)
    client.send(say.copyData(Buffer.from('1\ta\n')), say.copyDone, say.sync)
    expect((await client.ready()).join()).toContain('COPY 1')
    client.send(say.parse('', 'COPY notes FROM STDIN'), say.bind('', ''), say.execute(''), say.sync)
    await client.until(isAnswer)
    client.send(say.copyData(Buffer.from('2\ta\tglobex\n')), say.copyDone, say.sync)
    expect((await client.ready()).join()).toContain('C="42501"')
    expect(await loaded()).toHaveLength(1)
  })

  test('several of one text get their own rows, sent without waiting', async () => {
    client.send(
      say.query('COPY notes (id) FROM STDIN; COPY notes FROM STDIN CSV; SELECT 1'),
      ...[say.copyData(Buffer.from('1\n')), say.copyDone],
      ...[say.copyData(Buffer.from('2,b,acme\n')), say.copyDone, say.copyData(Buffer.from('3\n'))],
      say.query('SELECT 2'),
    )
    const answers = (await client.ready(2)).join('\n')
    expect(answers.match(/COPY 1/g)).toHaveLength(2)
    expect(answers.match(/DataRow/g)).toHaveLength(2)
    expect(await loaded()).toHaveLength(2)
  })

  test('ends with the client’s CopyFail, or with the client', async () => {
    await client.send(say.query('COPY notes (id) FROM STDIN')).until(isAnswer)
    client.send(say.copyData(Buffer.from('1\n')), CopyFail.encode({ reason: 'enough' }))
    expect((await client.ready()).join()).toContain('enough')
    await client.send(say.query('COPY notes (id) FROM STDIN')).until(isAnswer)
    client.send(say.copyData(Buffer.from('1\n')))
    client.close()
    await untouched()
  })

  test('takes no other message, as the server doesn’t', async () => {
    await client.send(say.query('COPY notes (id) FROM STDIN')).until(isAnswer)
    client.send(say.query('SELECT 1'))
    expect((await client.until((line) => line === 'closed')).join()).toContain('C="08P01"')
    await untouched()
  })

  test('a byte at a time', async () => {
    await client.send(say.query('COPY notes (id, note) FROM STDIN CSV')).until(isAnswer)
    for (const byte of Buffer.concat([say.copyData(Buffer.from('1,"ä\n"\r\n2,b')), say.copyDone])) {
      client.socket.write(Buffer.from([byte]))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect((await client.ready()).join()).toContain('COPY 2')
    expect(await loaded()).toEqual([
      { id: 1, note: 'ä\n' },
      { id: 2, note: 'b' },
    ])
  })

  test('psql’s \\copy loads', async () => {
    const outcome = await run(
      'psql',
      ['-XAt', '-c', '\\copy notes (id, note) from pstdin csv header', gateway.url('acme')],
      {
        input: 'id,note\n1,"a\nb"\n2,c\n',
      },
    )
    expect(outcome).toEqual({ code: 0, stdout: 'COPY 2\n', stderr: '' })
    expect(await loaded()).toHaveLength(2)
  })
})

/** Command tags and SQLSTATEs. */
function codes(answer: string): unknown {
  return answer.match(/COPY \d+|C="\w+"|status="\w"/g)
}
