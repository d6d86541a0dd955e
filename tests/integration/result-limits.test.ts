import { afterEach, describe, expect, test } from 'vitest'
import { TenantId } from '../../src/core/ids.js'
import type { Limits } from '../../src/tenants/tenant.js'
import { Sessions } from '../support/sessions.js'
import { say, WireClient } from '../support/wire-client.js'

const sessions = Sessions.use('CREATE TABLE notes (id int, tenant_id text)')
const LIMITED = { code: '53400', severity: 'ERROR', message: expect.stringContaining('larger') }
const rows = (count: number) => `SELECT g FROM generate_series(1, ${count}) g`

function limit(limits: Partial<Limits>): void {
  const { value } = sessions.gateway.catalog
  const acme = value.tenants.get(TenantId.of('acme'))
  if (acme === undefined) throw new Error('acme exists')
  const tenants = new Map(value.tenants).set(acme.id, { ...acme, settings: { ...acme.settings, limits } })
  sessions.gateway.catalog.replace({ ...value, tenants })
}

const notes = async () => (await sessions.database.query('SELECT count(*)::int AS n FROM notes')).rows[0]?.n

afterEach(() => sessions.database.query('DELETE FROM notes'))

describe('a limit on the size of results', () => {
  test('is for each result of its own, in rows and in bytes, and lifted at once', async () => {
    await sessions.start()
    limit({ resultRows: 10 })
    const client = await sessions.connect()
    expect(await client.query(`${rows(10)}; ${rows(10)}`)).toHaveLength(2)
    expect((await client.query(rows(10))).rowCount).toBe(10)
    await expect(client.query(rows(11))).rejects.toMatchObject(LIMITED)
    limit({ resultBytes: 100_000 })
    expect((await client.query(`SELECT repeat('x', 90000) AS x`)).rowCount).toBe(1)
    await expect(client.query(`SELECT repeat('x', 900000) AS x`)).rejects.toMatchObject(LIMITED)
    limit({})
    expect((await client.query(rows(1_000))).rowCount).toBe(1_000)
  })

  test.each([11, 100_000])('cancels what gives %i rows, and hits nothing that comes next', async (count) => {
    await sessions.start()
    limit({ resultRows: 10 })
    const client = await sessions.connect()
    for (let i = 0; i < 5; i++) {
      const text = i % 2 === 0 ? rows(count) : { text: rows(count), values: [] }
      await expect(client.query(text)).rejects.toMatchObject(LIMITED)
      expect((await client.query('SELECT pg_sleep(0.01), $1::int AS x', [i])).rows[0].x).toBe(i)
    }
  })

  test.each([11, 100_000])('fails the transaction that asked for %i rows', async (count) => {
    await sessions.start()
    limit({ resultRows: 10 })
    const client = await sessions.connect()
    await client.query('BEGIN')
    await client.query('INSERT INTO notes VALUES (1)')
    await expect(client.query(rows(count))).rejects.toMatchObject(LIMITED)
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' })
    expect((await client.query('COMMIT')).command).toBe('ROLLBACK')
    expect(await notes()).toBe(0)
    expect((await client.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test.each([11, 100_000])('lets nothing that was sent behind %i rows be committed', async (count) => {
    await sessions.start()
    limit({ resultRows: 10 })
    const client = await WireClient.connect(sessions.gateway.url())
    const texts = ['BEGIN', rows(count), 'INSERT INTO notes VALUES (1)', 'COMMIT', 'SELECT 5']
    client.send(...texts.map((text) => say.query(text)))
    const ends = (await client.ready(5)).filter((line) => line.startsWith('< ReadyForQuery'))
    expect(ends.map((line) => /"(.)"/.exec(line)?.[1])).toEqual(['T', 'E', 'E', 'I', 'I'])
    expect(await notes()).toBe(0)
    client.close()
  })

  test('stands in the middle of a text, whose rest is not run', async () => {
    await sessions.start()
    limit({ resultRows: 10 })
    const client = await sessions.connect()
    const text = `INSERT INTO notes VALUES (1); ${rows(1_000_000)}; INSERT INTO notes VALUES (2)`
    await expect(client.query(text)).rejects.toMatchObject(LIMITED)
    expect(await notes()).toBe(0)
  })

  test('counts each fetch from a portal, and each COPY TO in text and binary', async () => {
    await sessions.start()
    limit({ resultRows: 10 })
    const client = await WireClient.connect(sessions.gateway.url())
    const ask = async (...messages: readonly Buffer[]) => (await client.send(...messages).ready()).join()
    const bound = [say.parse('', rows(25)), say.bind('', '')]
    const fetched = await ask(
      ...bound,
      say.execute('', 10),
      say.execute('', 10),
      say.execute('', 10),
      say.sync,
    )
    expect([fetched.match(/DataRow/g)?.length, fetched.includes('53400')]).toEqual([25, false])
    expect(await ask(...bound, say.execute(''), say.sync)).toContain('C="53400"')
    for (const format of ['text', 'binary']) {
      const copy = (count: number) => say.query(`COPY (${rows(count)}) TO STDOUT (FORMAT ${format})`)
      expect(await ask(copy(10))).toContain('COPY 10')
      expect(await ask(copy(11))).toContain('C="53400"')
    }
    client.close()
  })

  test('is in the audit, with the statement', async () => {
    await sessions.start()
    limit({ resultRows: 10 })
    const client = await sessions.connect()
    await expect(client.query(rows(11))).rejects.toMatchObject({ hint: expect.stringContaining('LIMIT') })
    expect(sessions.gateway.events).toMatchObject([
      {
        kind: 'statement_refused',
        reason: 'RESULT_LIMITED',
        sql: expect.stringContaining('generate_series'),
      },
    ])
  })
})
