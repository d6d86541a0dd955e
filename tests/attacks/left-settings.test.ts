import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'
import { say, WireClient } from '../support/wire-client.js'

/** One cycle of messages. */
type Cycle = readonly Buffer[]

const CALL = `SELECT set_config('timezone', 'Asia/Tokyo', false)`
const { parse, bind, execute, close, query, sync } = say
const run = (text: string, maxRows = 0) => [parse('', text), bind('', ''), execute('', maxRows)]

/** What a tenant may do so that nobody sees which setting its server connection has in the end. */
const LEFT: readonly (readonly [string, readonly Cycle[]])[] = [
  ['a call of which one row is asked for', [[...run(CALL, 1), sync]]],
  [
    'a call in a portal that SQL fetches from',
    [
      [query('BEGIN')],
      [parse('', CALL), bind('p', ''), sync],
      [query('FETCH ALL FROM p')],
      [query('COMMIT')],
    ],
  ],
  [
    'a call behind whose back the setting is put back',
    [
      [query('BEGIN')],
      [...run(CALL), parse('s', 'RESET timezone'), bind('p', 's'), execute('p'), execute(''), sync],
      [query('COMMIT; DEALLOCATE s')],
    ],
  ],
  ['a call in a cursor', [[query(`BEGIN; DECLARE c CURSOR FOR ${CALL}; COMMIT`)]]],
  [
    'a call in a cursor that is fetched from later',
    [[query(`BEGIN; DECLARE c CURSOR FOR ${CALL}; RESET timezone`)], [query('FETCH c')], [query('COMMIT')]],
  ],
  ['a call for each of no rows', [[query(`${CALL}, abs(generate_series(1, 0))`)]]],
  ['a local call, as it is seldom written', [[query(CALL.replace('false', `'yes'::bool`))]]],
  [
    'a cursor in the place of a portal that would have put it back',
    [
      [query(`BEGIN; SET timezone TO 'Asia/Tokyo'`)],
      [parse('', 'RESET ALL'), bind('p', ''), close('portal', 'p'), sync],
      [query('DECLARE p CURSOR FOR SELECT 1')],
      [execute('p'), sync],
      [query('COMMIT')],
    ],
  ],
]

describe('the next tenant of a server connection has the settings of its own', () => {
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

  test.each(LEFT)('behind %s', async (_title, cycles) => {
    for (const options of ['', '?options=-c%20timezone=Asia/Tokyo']) {
      const acme = await WireClient.connect(whole.url('acme'))
      const globex = await WireClient.connect(whole.url('globex') + options)
      const shown = async () => (await globex.send(query('SHOW timezone')).ready()).join()
      const before = await shown()
      expect(before.includes('Asia/Tokyo')).toBe(options !== '')
      for (const cycle of [[query('SELECT 1')], ...cycles]) await acme.send(...cycle).ready()
      expect(await shown()).toBe(before)
      acme.close()
      globex.close()
    }
  })

  test('and a call of which one row is asked for is the session’s', async () => {
    const acme = await WireClient.connect(whole.url('acme'))
    const globex = await WireClient.connect(whole.url('globex'))
    await acme.send(...run(CALL, 1), sync).ready()
    await globex.send(query('SELECT 1')).ready()
    expect((await acme.send(query('SHOW timezone')).ready()).join()).toContain('["Asia/Tokyo"]')
    acme.close()
    globex.close()
  })
})
