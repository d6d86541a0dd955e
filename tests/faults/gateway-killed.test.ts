import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { freePort } from '../support/free-port.js'
import { sourceCommand } from '../support/source-command.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'

let database: TestDatabase
/** Only to make the database ready; what is killed is a process of its own. */
let ready: WholeGateway
let folder: string
let port: number
let child: ChildProcess

beforeAll(async () => {
  database = await testDatabase({ sql: 'CREATE TABLE notes (tenant_id text NOT NULL, id int)' })
  ready = await wholeGateway(database)
  folder = await mkdtemp(join(tmpdir(), 'tenantgate-killed-'))
  port = await freePort()
  const configuration = {
    listen: { port },
    admin: { port: null },
    upstream: { url: ready.upstreamUrl, operatorUrl: database.url },
  }
  // every JSON text is YAML
  await writeFile(join(folder, 'tenantgate.yaml'), JSON.stringify(configuration))
})
afterAll(async () => {
  child.kill('SIGKILL')
  await ready.stop()
  await rm(folder, { recursive: true })
  await database.drop()
})

async function start(): Promise<void> {
  const args = sourceCommand('src/cli/main.ts', 'serve', '--config', join(folder, 'tenantgate.yaml'))
  child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8')
  })
  await expect.poll(() => said, { timeout: 30_000 }).toContain('listens on')
}

async function connect(): Promise<Client> {
  const url = new URL(ready.url('acme'))
  url.port = String(port)
  const client = new Client({ connectionString: url.href })
  client.on('error', () => {})
  await client.connect()
  return client
}

const backends = async () => {
  const { rows } = await database.query(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND usename = $1`,
    [new URL(ready.upstreamUrl).username],
  )
  return rows[0]?.n
}

test('a gateway that is killed leaves nothing behind, and another one takes its place at once', async () => {
  await start()
  const before = await readdir(folder)
  const client = await connect()
  await client.query('BEGIN')
  await client.query('INSERT INTO notes (id) VALUES (1)')
  const running = expect(client.query('SELECT pg_sleep(1)')).rejects.toThrow()
  const ended = new Promise((resolve) => client.once('end', resolve))
  expect(await backends()).toBe(1)
  child.kill('SIGKILL')
  await Promise.all([running, ended])
  await expect.poll(backends, { timeout: 20_000 }).toBe(0)
  expect(await readdir(folder)).toEqual(before)
  await start()
  const next = await connect()
  expect((await next.query('SELECT count(*)::int AS n FROM notes')).rows).toEqual([{ n: 0 }])
  await next.end()
})
