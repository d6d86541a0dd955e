import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runDemo } from '../../src/demo/run-demo.js'
import { DEMO_TENANTS } from '../../src/demo/tenants.js'
import { serverUrl } from '../support/servers.js'

let url = ''
let folder = ''
beforeEach(async () => {
  url = await serverUrl()
  vi.stubEnv('DATABASE_URL', url)
  folder = await mkdtemp(join(tmpdir(), 'tenantgate-demo-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

const openLog = () => pino({ level: 'silent' })

test('the guided tour shows what it should, and leaves neither database nor role behind', async () => {
  const lines: string[] = []
  const { signal } = new AbortController()
  const ok = await runDemo({ tour: true, folder, print: (line) => lines.push(line), signal, openLog })
  expect(lines.filter((line) => line.includes('NOT SO'))).toEqual([])
  expect(ok).toBe(true)
  expect(await leftovers()).toEqual([])
})

test('the demo prints a line for each tenant that connects, and ends when it is told to', async () => {
  const lines: string[] = []
  const stop = new AbortController()
  const print = (line: string) => lines.push(line)
  const demo = runDemo({ tour: false, folder, print, signal: stop.signal, openLog })
  await vi.waitFor(() => expect(lines.join('\n')).toContain('Ctrl-C'), { timeout: 20_000 })
  const logins = [...lines.join('\n').matchAll(/psql "(postgres:\/\/(\w+)_app:[^"]+)"/g)]
  expect(logins.map(([, , tenant]) => tenant)).toEqual(DEMO_TENANTS.map(({ id }) => id))
  for (const [, login = '', tenant] of logins) {
    const rows = await query(login, 'SELECT DISTINCT tenant_id FROM invoices')
    expect(rows).toEqual([{ tenant_id: tenant }])
  }
  const staff = [...lines.join('\n').matchAll(/psql "(postgres:\/\/(analyst|operator):[^"]+)"/g)]
  const seen = []
  for (const [, login = ''] of staff)
    seen.push(await query(login, 'SELECT count(DISTINCT tenant_id)::int AS n FROM invoices'))
  expect(seen).toEqual([[{ n: 2 }], [{ n: DEMO_TENANTS.length }]])
  stop.abort()
  expect(await demo).toBe(true)
  await expect(query(logins[0]?.[1] ?? '', 'SELECT 1')).rejects.toThrow('ECONNREFUSED')
  expect(await leftovers()).toEqual([])
})

function leftovers(): Promise<readonly object[]> {
  return query(
    url,
    `SELECT datname FROM pg_database WHERE datname ~ '^tenantgate_(tour|demo)'
     UNION ALL SELECT rolname FROM pg_roles WHERE rolname ~ '^tenantgate_(tour|demo)'`,
  )
}

async function query(connectionString: string, sql: string): Promise<readonly object[]> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query(sql)
    return rows
  } finally {
    await client.end()
  }
}
