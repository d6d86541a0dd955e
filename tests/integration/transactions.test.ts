import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../src/core/errors.js'
import { passThroughCompiler } from '../support/pass-through-compiler.js'
import { Sessions } from '../support/sessions.js'
import { say, WireClient } from '../support/wire-client.js'

const sessions = Sessions.use('CREATE TABLE notes (id int, tenant_id text)')

describe('transactions', () => {
  test('of clients that went away are rolled back, and the connection serves the next one', async () => {
    await sessions.start()
    const first = await WireClient.connect(sessions.gateway.url())
    await first.send(say.query('BEGIN; INSERT INTO notes VALUES (1)')).ready()
    first.close()
    const second = await sessions.connect('bob')
    expect((await second.query('SELECT count(*)::int AS n FROM notes')).rows[0].n).toBe(0)
    expect(sessions.gateway.pool.state).toEqual({ open: 1, idle: 1, waiting: 0 })
  })

  test('without BEGIN are rolled back too when the client leaves before its Sync', async () => {
    await sessions.start()
    const first = await WireClient.connect(sessions.gateway.url())
    first.send(say.parse('', 'INSERT INTO notes VALUES (1)'), say.bind('', ''), say.execute(''), say.flush)
    await first.until((line) => line.startsWith('< CommandComplete'))
    first.close()
    const second = await sessions.connect('bob')
    expect((await second.query('SELECT count(*)::int AS n FROM notes')).rows[0].n).toBe(0)
  })

  test('with answers outstanding cost the connection, not the next client', async () => {
    await sessions.start()
    const first = await WireClient.connect(sessions.gateway.url())
    first.send(say.query('SELECT pg_sleep(60)'))
    await sessions.untilRunning('SELECT pg_sleep(60)')
    first.close()
    const second = await sessions.connect('bob')
    expect((await second.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
    await sessions.untilGone('SELECT pg_sleep(60)')
  })
})

describe('refusals', () => {
  const compiler = passThroughCompiler((text) => {
    if (text.includes('forbidden'))
      throw new GatewayError('RELATION_DENIED', { relation: 'forbidden' }, { position: 15 })
    return {}
  })

  test('carry the incident of their audit event and leave the session usable', async () => {
    await sessions.start({ compiler })
    const client = await sessions.connect()
    const error = await client.query('SELECT * FROM forbidden').catch((reason: unknown) => reason)
    const [event] = sessions.gateway.events
    expect(error).toMatchObject({ code: '42501', position: '15', severity: 'ERROR' })
    expect(event).toMatchObject({
      kind: 'statement_refused',
      reason: 'RELATION_DENIED',
      subject: { tenant: 'acme', login: 'alice' },
    })
    expect(String(error)).toContain(`(incident ${event?.incident})`)
    expect((await client.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
    expect(sessions.gateway.pool.state.open).toBe(1)
  })

  test('fail the transaction that they stand in', async () => {
    await sessions.start({ compiler })
    const client = await sessions.connect()
    await client.query('BEGIN')
    await expect(client.query('SELECT * FROM forbidden')).rejects.toMatchObject({ code: '42501' })
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' })
    await client.query('ROLLBACK')
    await client.query('BEGIN')
    await expect(client.query('SELECT * FROM forbidden WHERE $1', [1])).rejects.toMatchObject({
      code: '42501',
    })
    await expect(client.query('SELECT $1::int', [1])).rejects.toMatchObject({ code: '25P02' })
    await client.query('ROLLBACK')
    expect((await client.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('undo the pipeline that they stand in, and skip to its Sync', async () => {
    await sessions.start({ compiler })
    const client = await WireClient.connect(sessions.gateway.url())
    const insert = [say.parse('', 'INSERT INTO notes VALUES (7)'), say.bind('', ''), say.execute('')]
    client.send(
      ...insert,
      say.parse('', 'SELECT * FROM forbidden'),
      ...insert,
      say.sync,
      say.query('SELECT count(*) FROM notes'),
    )
    const answers = await client.ready(2)
    expect(answers.map((line) => line.split(' ')[1])).toEqual([
      ...['ParseComplete', 'BindComplete', 'CommandComplete', 'ErrorResponse', 'ReadyForQuery'],
      ...['RowDescription', 'DataRow', 'CommandComplete', 'ReadyForQuery'],
    ])
    expect(answers[3]).toContain('C="42501"')
    expect(answers[6]).toContain('"0"')
    client.close()
  })

  test('of the FunctionCall message', async () => {
    await sessions.start()
    const client = await WireClient.connect(sessions.gateway.url())
    client.send(Buffer.from([0x46, 0, 0, 0, 14, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
    expect((await client.ready()).join()).toContain('C="0A000"')
    client.close()
  })

  test('of a parameter that names another tenant, in text and in binary', async () => {
    const check = { kind: 'parameter', number: 1, relation: 'notes', type: 'pg_catalog.text' } as const
    await sessions.start({
      compiler: passThroughCompiler((text) => (text.includes('$1') ? { checks: [check] } : {})),
    })
    const client = await sessions.connect()
    const insert = 'INSERT INTO notes (tenant_id) VALUES ($1)'
    await expect(client.query(insert, ['globex'])).rejects.toMatchObject({ code: '42501' })
    await expect(client.query(insert, [null])).rejects.toMatchObject({ code: '42501' })
    await expect(client.query(insert, [Buffer.from('globex')])).rejects.toMatchObject({ code: '42501' })
    await client.query('BEGIN')
    expect((await client.query(insert, ['acme'])).rowCount).toBe(1)
    expect((await client.query(insert, [Buffer.from('acme')])).rowCount).toBe(1)
    await client.query('ROLLBACK')
  })
})
