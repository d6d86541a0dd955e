import { describe, expect, test } from 'vitest'
import { TenantId } from '../../src/core/ids.js'
import type { Compiler } from '../../src/sql/compiled.js'
import type { Limits } from '../../src/tenants/tenant.js'
import { passThroughCompiler } from '../support/pass-through-compiler.js'
import { Sessions, show } from '../support/sessions.js'
import { say, WireClient } from '../support/wire-client.js'

const sessions = Sessions.use('CREATE TABLE notes (id int, tenant_id text)')

describe('limits of a tenant', () => {
  const limit = (limits: Partial<Limits>): void => {
    const { value } = sessions.gateway.catalog
    const acme = value.tenants.get(TenantId.of('acme'))
    if (acme === undefined) throw new Error('acme exists')
    const tenants = new Map(value.tenants).set(acme.id, { ...acme, settings: { ...acme.settings, limits } })
    sessions.gateway.catalog.replace({ ...value, tenants })
  }

  test('on statements in a second are in force at once, for both protocols', async () => {
    await sessions.start()
    const [client, other] = [await sessions.connect(), await sessions.connect('bob')]
    await client.query('SELECT 1')
    limit({ queriesPerSecond: 0.001 })
    await client.query('SELECT 1')
    await expect(client.query('SELECT 1')).rejects.toMatchObject({
      code: '53400',
      hint: expect.stringMatching(/Try again in \d+ ms/),
    })
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '53400' })
    expect(sessions.gateway.events).toMatchObject([{ kind: 'statement_refused', reason: 'RATE_LIMITED' }])
    await expect(client.query('SELECT $1::int', [1])).rejects.toMatchObject({ code: '53400' })
    limit({})
    expect((await client.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
    expect((await other.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('on statements at a time let the others wait', async () => {
    await sessions.start({ pool: { max: 5, queueTimeoutMs: 50 } })
    limit({ concurrentQueries: 1 })
    const [first, second] = [await sessions.connect(), await sessions.connect()]
    await first.query('BEGIN')
    await expect(second.query('SELECT 1')).rejects.toMatchObject({
      code: '53300',
      message: expect.stringContaining('concurrent'),
    })
    await first.query('COMMIT')
    expect((await second.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('on connections hold for logins at the same moment', async () => {
    await sessions.start({ pool: { max: 3 } })
    limit({ connections: 2 })
    // each one has its settings tried on the server in between
    const logins = Array.from({ length: 6 }, () => sessions.connect('alice', '-c timezone=Asia/Tokyo'))
    const outcomes = await Promise.allSettled(logins)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  })

  test('on connections end the login', async () => {
    await sessions.start()
    limit({ connections: 1 })
    await sessions.connect()
    await expect(sessions.connect()).rejects.toMatchObject({ code: '53300' })
    expect(sessions.gateway.events).toMatchObject([
      { kind: 'login_refused', reason: 'TOO_MANY_CONNECTIONS', cause: 'connection_limit' },
    ])
  })

  test('on the time of a statement can be lowered by the client and not raised', async () => {
    await sessions.start()
    limit({ statementTimeoutMs: 5_000 })
    const client = await sessions.connect()
    expect(await show(client, 'statement_timeout')).toBe('5s')
    await client.query(`SET statement_timeout TO '1s'`)
    expect(await show(client, 'statement_timeout')).toBe('1s')
    await client.query('SET statement_timeout TO 0')
    expect(await show(client, 'statement_timeout')).toBe('5s')
    await client.query('BEGIN')
    await client.query('SET statement_timeout TO 0')
    expect(await show(client, 'statement_timeout')).toBe('5s')
    await client.query('ROLLBACK')
  })

  test('on the time that a transaction may be idle end it, whatever the client has set, and free its connection', async () => {
    await sessions.start()
    limit({ idleInTransactionMs: 200 })
    const client = await sessions.connect('alice', '-c idle_in_transaction_session_timeout=0')
    const other = await sessions.connect('bob')
    const setting = 'idle_in_transaction_session_timeout'
    expect(await show(client, setting)).toBe('200ms')
    await client.query(`SET ${setting} TO '1h'`)
    expect(await show(client, setting)).toBe('200ms')
    await client.query('RESET ALL')
    expect(await show(client, setting)).toBe('200ms')
    await client.query(`SET ${setting} TO '100ms'`)
    expect(await show(client, setting)).toBe('100ms')
    await client.query('BEGIN')
    expect((await other.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P03' })
    await client.query('ROLLBACK')
    expect((await client.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('on the time of a statement are in force again before the next one runs, in a pipeline too', async () => {
    await sessions.start()
    limit({ statementTimeoutMs: 5_000 })
    const client = await WireClient.connect(sessions.gateway.url())
    const run = (text: string) => [say.parse('', text), say.bind('', ''), say.execute('')]
    const ask = `SELECT current_setting('statement_timeout')`
    client.send(...run('RESET ALL'), ...run(ask), say.sync, say.query('RESET ALL'), ...run(ask), say.sync)
    const answers = (await client.ready(3)).filter((line) => /ErrorResponse|DataRow/.test(line))
    expect(answers).toEqual([expect.stringContaining('C="22023"'), '< DataRow values=["5s"]'])
    client.close()
  })
})

describe('prepared statements', () => {
  test('are bounded in what a session holds of them, until it closes some', async () => {
    await sessions.start()
    const client = await WireClient.connect(sessions.gateway.url())
    const large = `SELECT 1 /* ${'x'.repeat(14 * 1024 * 1024)} */`
    for (const name of ['a', 'b', 'c', 'd']) {
      const answer = (await client.send(say.parse(name, large), say.sync).ready()).join()
      expect(answer).toContain('ParseComplete')
    }
    const last = () => client.send(say.parse('e', large), say.sync).ready()
    expect((await last()).join()).toContain('C="53400"')
    await client.send(say.close('statement', 'b'), say.sync).ready()
    expect((await last()).join()).toContain('ParseComplete')
    client.close()
  })

  test('are compiled anew when the schema has changed', async () => {
    const seen: number[] = []
    const compiler: Compiler = {
      compile: (text, context) => {
        seen.push(context.snapshot.generation)
        return passThroughCompiler().compile(text, context)
      },
    }
    await sessions.start({ compiler })
    const client = await sessions.connect()
    const statement = { name: 's', text: 'SELECT $1::int AS x', values: [1] }
    await client.query(statement)
    await client.query(statement)
    sessions.gateway.snapshot.replace({ ...sessions.gateway.snapshot.value, generation: 2 })
    expect((await client.query(statement)).rows).toEqual([{ x: 1 }])
    expect(seen).toEqual([1, 2])
  })
})

describe('pool mode session', () => {
  test('keeps the server connection for the client, and hands it on clean', async () => {
    await sessions.start({ pool: { max: 2 }, services: { poolMode: 'session' } })
    const first = await sessions.connect()
    await first.query(`CREATE TEMPORARY TABLE mine (id int); SET timezone TO 'Asia/Tokyo'`)
    const second = await sessions.connect('bob')
    await expect(second.query('SELECT * FROM mine')).rejects.toMatchObject({ code: '42P01' })
    expect((await first.query({ name: 's', text: 'SELECT count(*)::int AS n FROM mine' })).rows).toEqual([
      { n: 0 },
    ])
    await first.end()
    await expect.poll(() => sessions.gateway.pool.state.idle).toBe(1)
    const third = await sessions.connect()
    expect(await show(third, 'timezone')).not.toBe('Asia/Tokyo')
    await expect(third.query('SELECT * FROM mine')).rejects.toMatchObject({ code: '42P01' })
    expect((await third.query({ name: 's', text: 'SELECT 1 AS x' })).rows).toEqual([{ x: 1 }])
  })
})
