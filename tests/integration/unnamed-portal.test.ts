import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type TestGateway, testGateway } from '../support/gateway.js'
import { availableServers } from '../support/servers.js'
import { say, WireClient } from '../support/wire-client.js'

const STARTED =
  'SELECT pg_postmaster_start_time()::text || count(*) AS said FROM pg_stat_activity WHERE false'
const UNKNOWN = 'C="34000" M="portal \\"\\" does not exist"'

/** Each of these leaves a portal whose statements are gone: asked to run it, the server may end, and every session with it. */
describe.each(availableServers())('the unnamed portal of a failed query, on $label', (server) => {
  let database: TestDatabase
  let gateway: TestGateway
  let client: WireClient

  beforeAll(async () => {
    database = await testDatabase({ server })
    gateway = await testGateway({ upstream: database.url })
  })
  beforeEach(async () => {
    client = await WireClient.connect(gateway.url())
  })
  afterEach(() => client.close())
  afterAll(async () => {
    await gateway.stop()
    await database.drop()
  })

  test.each([
    ['BEGIN;ROLLBACK TO nowhere', 'SELECT 1'],
    ['BEGIN', 'SELECT 1 / g FROM generate_series(0, 1) g'],
    ['BEGIN', 'SHOW nothing.nowhere'],
  ])('%s, and then %s', async (first, second) => {
    const { rows: before } = await database.query(STARTED)
    await client.send(say.query(first)).ready()
    await client.send(say.query(second)).ready()
    for (const message of [say.execute(''), say.execute('', 2)]) {
      const answer = await client.send(message, say.sync).ready()
      expect(answer.join('\n')).toContain(UNKNOWN)
    }
    expect((await client.send(say.query('ROLLBACK')).ready()).join('\n')).toContain('"ROLLBACK"')
    expect((await database.query(STARTED)).rows).toEqual(before)
  })

  test('a Bind that fails brings it back to nobody', async () => {
    await client.send(say.query('BEGIN;ROLLBACK TO nowhere')).ready()
    await client.send(say.bind('', 'nothing'), say.execute(''), say.sync).ready()
    const answer = await client.send(say.execute(''), say.sync).ready()
    expect(answer.join('\n')).toContain(UNKNOWN)
  })

  test('bound, it runs in a later cycle of its transaction, in one burst too', async () => {
    const burst = [say.parse('', 'SELECT 5 AS five'), say.bind('', ''), say.sync, say.execute(''), say.sync]
    const answers = await client.send(say.query('BEGIN'), ...burst, say.query('COMMIT')).ready(4)
    expect(answers.join('\n')).toContain('"SELECT 1"')
    expect(answers.join('\n')).not.toContain('ErrorResponse')
  })
})
