import { Client } from 'pg'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { runDemo } from '../../src/demo/run-demo.js'
import { serverUrl } from '../support/servers.js'

test('the guided tour shows what it should, and leaves neither database nor role behind', async () => {
  const url = await serverUrl()
  vi.stubEnv('DATABASE_URL', url)
  const lines: string[] = []
  const ok = await runDemo({
    tour: true,
    folder: '.tenantgate',
    print: (line) => lines.push(line),
    signal: new AbortController().signal,
    openLog: () => pino({ level: 'silent' }),
  }).finally(() => vi.unstubAllEnvs())
  expect(lines.filter((line) => line.includes('NOT SO'))).toEqual([])
  expect(ok).toBe(true)
  const left = await query(
    url,
    "SELECT datname FROM pg_database WHERE datname LIKE 'tenantgate\\_tour%' UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'tenantgate\\_tour%'",
  )
  expect(left).toEqual([])
})

async function query(url: string, sql: string): Promise<readonly object[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(sql)
  await client.end()
  return rows
}
