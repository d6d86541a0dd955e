import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { BodyWriter } from '../../src/wire/body-writer.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'
import { say, WireClient } from '../support/wire-client.js'

const SQL = `
CREATE TABLE secrets (id int PRIMARY KEY, word text);
INSERT INTO secrets VALUES (1, 'sesame');
`

let database: TestDatabase
let gate: WholeGateway
let wire: WireClient | null = null

beforeAll(async () => {
  database = await testDatabase({ sql: SQL })
  gate = await wholeGateway(database)
  await gate.logins.add({ name: 'root', kind: 'operator', tenants: [], password: gate.password })
  await gate.gateway.refresh()
})
beforeEach(() => database.query('DELETE FROM tenantgate.audit_events'))
afterEach(() => {
  wire?.close()
  wire = null
})
afterAll(async () => {
  await gate?.stop()
  await database?.drop()
})

async function spoken(): Promise<WireClient> {
  wire = await WireClient.connect(gate.loginUrl('root'))
  return wire
}

async function audited(): Promise<readonly unknown[]> {
  const { rows } = await database.query(
    "SELECT sql FROM tenantgate.audit_events WHERE kind = 'statement' AND login = 'root' ORDER BY id",
  )
  return rows.map(({ sql }) => sql)
}

test('an operator has each execution written down as what it runs, however the names are turned about', async () => {
  const client = await spoken()
  client.send(say.parse('s', 'SELECT 1'), say.sync)
  await client.ready()
  // a second one of that name fails, and with it all up to the Sync
  client.send(say.parse('s', 'SELECT 2'), say.bind('', 's'), say.execute(''), say.sync)
  client.send(say.bind('', 's'), say.execute(''), say.sync)
  await client.ready(2)
  // a Close that is skipped closes nothing
  client.send(
    say.parse('t', 'nonsense'),
    say.close('statement', 's'),
    say.sync,
    say.bind('', 's'),
    say.execute(''),
    say.sync,
  )
  await client.ready(2)
  client.send(
    say.close('statement', 's'),
    say.parse('s', 'SELECT 3'),
    say.bind('p', 's'),
    say.execute('p'),
    say.sync,
  )
  await client.ready()
  client.send(say.query('DEALLOCATE s; PREPARE s AS SELECT 4'))
  await client.ready()
  client.send(say.bind('', 's'), say.execute(''), say.sync)
  expect(await client.ready()).toContain('< DataRow values=["4"]')
  await expect.poll(audited, { timeout: 30_000 }).toEqual([
    // written down, and skipped by the server
    'SELECT ?',
    'SELECT ?',
    'SELECT ?',
    'SELECT ?',
    'DEALLOCATE s; PREPARE s AS SELECT ?',
    'EXECUTE "s"',
  ])
})

test('an operator copies rows both ways as they are, and goes on after a COPY that failed', async () => {
  const client = await spoken()
  client.send(say.query('COPY secrets FROM STDIN'))
  await client.until((line) => line.startsWith('< CopyInResponse'))
  client.send(say.copyData(Buffer.from('2\ttw')), say.copyData(Buffer.from('o\n')), say.copyDone)
  expect((await client.ready()).join()).toContain('COPY 1')
  client.send(say.parse('', 'COPY secrets FROM STDIN'), say.bind('', ''), say.execute(''), say.sync)
  await client.until((line) => line.startsWith('< CopyInResponse'))
  client.send(say.copyData(Buffer.from('3\tthree\nbad row\n')), say.copyDone, say.sync)
  expect((await client.ready()).join()).toContain('22P02')
  client.send(say.query('COPY (SELECT word FROM secrets ORDER BY id) TO STDOUT'))
  const copied = (await client.ready()).filter((line) => line.startsWith('< CopyData'))
  expect(copied).toHaveLength(2)
  await database.query('DELETE FROM secrets WHERE id > 1')
})

test('an operator runs a pipeline of cycles in their order, and a Query behind them', async () => {
  const client = await spoken()
  const cycle = (value: number) => [
    say.parse('', `SELECT ${value}`),
    say.bind('', ''),
    say.execute(''),
    say.sync,
  ]
  client.send(...cycle(1), ...cycle(2), ...cycle(3), say.query('SELECT 4; SELECT 5'))
  const rows = (await client.ready(4)).filter((line) => line.includes('DataRow'))
  expect(rows).toEqual([1, 2, 3, 4, 5].map((value) => `< DataRow values=["${value}"]`))
})

test('an operator streams a COPY of many megabytes out and in again', async () => {
  const client = await spoken()
  const chunk = Buffer.from(`1\t${'x'.repeat(998)}\n`.repeat(100))
  client.send(say.query('CREATE TEMP TABLE bulk (id int, word text)'))
  await client.ready()
  client.send(say.query('COPY bulk FROM STDIN'))
  await client.until((line) => line.startsWith('< CopyInResponse'))
  for (let i = 0; i < 60; i++) client.send(say.copyData(chunk))
  client.send(say.copyDone)
  expect((await client.ready()).join()).toContain('COPY 6000')
  client.send(say.query('COPY bulk TO STDOUT'))
  expect((await client.ready()).filter((line) => line.startsWith('< CopyData'))).toHaveLength(6_000)
})

test('an operator is refused the FunctionCall message, of which the audit could say nothing', async () => {
  const client = await spoken()
  client.send(new BodyWriter('F').int32(1).int16(0).int16(0).int16(0).finish())
  expect((await client.ready()).join()).toContain('0A000')
  client.send(say.query('SELECT 1'))
  expect(await client.ready()).toContain('< DataRow values=["1"]')
})
