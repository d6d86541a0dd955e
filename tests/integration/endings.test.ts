import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../src/core/errors.js'
import { TenantId } from '../../src/core/ids.js'
import { PASSWORD } from '../support/gateway.js'
import { Sessions } from '../support/sessions.js'
import { say, WireClient } from '../support/wire-client.js'

const sessions = Sessions.use('CREATE TABLE notes (id int, tenant_id text)')

describe('a cancel request', () => {
  test('reaches the statement of its own session', async () => {
    await sessions.start()
    const client = await WireClient.connect(sessions.gateway.url())
    client.send(say.query('SELECT pg_sleep(61)'))
    await sessions.untilRunning('SELECT pg_sleep(61)')
    await cancel(client)
    expect((await client.ready()).join()).toContain('C="57014"')
    expect((await client.send(say.query('SELECT 1')).ready()).join()).toContain('DataRow')
    client.close()
  })

  test('reaches a statement that waits for a connection', async () => {
    await sessions.start()
    const holder = await sessions.connect('bob')
    await holder.query('BEGIN')
    const client = await WireClient.connect(sessions.gateway.url())
    client.send(say.query('SELECT 1'))
    await expect.poll(() => sessions.gateway.pool.state.waiting).toBe(1)
    await cancel(client)
    expect((await client.ready()).join()).toContain('C="57014"')
    await holder.query('COMMIT')
    client.close()
  })

  test('with a wrong key, or for a session that runs nothing, does nothing', async () => {
    await sessions.start()
    const client = await WireClient.connect(sessions.gateway.url())
    await cancel(client)
    client.send(say.query('SELECT pg_sleep(0.3), 1 AS done'))
    const wrong = Buffer.from(client.cancelKey.secret.map((byte) => byte ^ 1))
    await cancel(client, wrong)
    expect((await client.ready()).join()).toContain('"done"')
    client.close()
  })

  async function cancel(client: WireClient, secret = client.cancelKey.secret): Promise<void> {
    const { connect: connectTcp } = await import('node:net')
    const socket = connectTcp(sessions.gateway.port, '127.0.0.1')
    socket.end(say.cancel({ processId: client.cancelKey.processId, secret }))
    socket.resume()
    await new Promise((resolve) => socket.once('close', resolve))
  }
})

describe('the end of things', () => {
  test('a client that leaves while it waits for a connection waits no more', async () => {
    await sessions.start()
    const holder = await sessions.connect('bob')
    await holder.query('BEGIN')
    const client = await WireClient.connect(sessions.gateway.url())
    client.send(say.query('SELECT 1'))
    await expect.poll(() => sessions.gateway.pool.state.waiting).toBe(1)
    client.close()
    await expect.poll(() => sessions.gateway.pool.state.waiting).toBe(0)
    await holder.query('COMMIT')
  })

  test('a server connection that dies is felt by the client that has it, and only by that one', async () => {
    await sessions.start({ pool: { max: 2 } })
    const [first, second] = [await sessions.connect(), await sessions.connect('bob')]
    await first.query('BEGIN')
    const { pid } = (await first.query('SELECT pg_backend_pid() AS pid')).rows[0]
    await sessions.database.query('SELECT pg_terminate_backend($1)', [pid])
    await expect(first.query('SELECT 1')).rejects.toThrow()
    expect((await second.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('an idle server connection that dies is replaced', async () => {
    let lost = 0
    const observer = {
      connected: () => {},
      waited: () => {},
      leaseEnded: () => {},
      lost: () => void lost++,
    }
    await sessions.start({ pool: { max: 1, observer } })
    const client = await sessions.connect()
    const { pid } = (await client.query('SELECT pg_backend_pid() AS pid')).rows[0]
    await sessions.database.query('SELECT pg_terminate_backend($1)', [pid])
    await expect.poll(() => lost).toBe(1)
    expect((await client.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('a server that is not there is told', async () => {
    await sessions.start({ upstream: 'postgres://127.0.0.1:1/nowhere' })
    await expect(sessions.connect()).rejects.toMatchObject({ code: '08006' })
  })

  test('a tenant that is suspended loses its sessions: at once when idle, else with the transaction', async () => {
    await sessions.start({ pool: { max: 3 } })
    const idle = await WireClient.connect(sessions.gateway.url())
    const busy = await WireClient.connect(sessions.gateway.url())
    const other = await sessions.connect('bob')
    await busy.send(say.query('BEGIN')).ready()
    const { value } = sessions.gateway.catalog
    const acme = value.tenants.get(TenantId.of('acme'))
    if (acme === undefined) throw new Error('acme exists')
    const tenants = new Map(value.tenants).set(acme.id, { ...acme, status: 'suspended' })
    sessions.gateway.catalog.replace({ ...value, tenants })
    sessions.gateway.registry.enforce(
      sessions.gateway.catalog.value,
      () => new GatewayError('LOGIN_CHANGED', {}),
    )
    const closed = (line: string) => line === 'closed'
    expect((await idle.until(closed)).join()).toContain('C="57P01"')
    expect((await busy.send(say.query('SELECT 1')).until(closed)).join()).toContain('C="57P01"')
    expect((await other.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('logins that are disabled, suspended, unknown or refused all hear the same', async () => {
    await sessions.start()
    const answers = []
    for (const login of ['carol', 'dave', 'nobody'])
      answers.push(
        await sessions
          .connect(login)
          .catch((error: Error & { code: string }) => [error.code, error.message.replace(login, '')]),
      )
    expect(new Set(answers.map(String)).size).toBe(1)
    expect(sessions.gateway.events.map((event) => 'cause' in event && event.cause)).toEqual([
      'disabled',
      'suspended',
      'unknown_login',
    ])
  })

  test('another database than the upstream one is unknown', async () => {
    await sessions.start()
    const client = new Client({
      host: '127.0.0.1',
      port: sessions.gateway.port,
      user: 'alice',
      password: PASSWORD,
      database: 'postgres',
    })
    await expect(client.connect()).rejects.toMatchObject({ code: '3D000' })
  })

  test('waiting for a connection has a limit', async () => {
    await sessions.start({ pool: { max: 1, queueTimeoutMs: 1_000 } })
    const [first, second] = [await sessions.connect(), await sessions.connect('bob')]
    await first.query('BEGIN')
    await expect(second.query('SELECT 1')).rejects.toMatchObject({ code: '53300' })
    await first.query('COMMIT')
    expect((await second.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('one tenant cannot take every connection', async () => {
    await sessions.start({ pool: { max: 2, perTenant: 1, queueTimeoutMs: 1_000 } })
    const [first, second, other] = [
      await sessions.connect(),
      await sessions.connect(),
      await sessions.connect('bob'),
    ]
    await first.query('BEGIN')
    await expect(second.query('SELECT 1')).rejects.toMatchObject({ code: '53300' })
    expect((await other.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })
})
