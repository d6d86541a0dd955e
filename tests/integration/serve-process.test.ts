import { type ChildProcess, spawn } from 'node:child_process'
import type { EventEmitter } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { sourceCommand } from '../support/source-command.js'
import { type ConfiguredDatabase, configuredDatabase } from '../unit/cli/configured-database.js'

const WAIT = { timeout: 55_000, interval: 50 }

let gate: ConfiguredDatabase
let password: string
let written: string
let serving: ChildProcess
let log = ''

beforeAll(async () => {
  gate = await configuredDatabase()
  written = await readFile(gate.file, 'utf8')
  await gate.command(['init'])
  await gate.command(['tenant', 'add', 'acme'])
  password = (await gate.command(['login', 'add', 'acme_app', '--tenant', 'acme', '--generate'])).out
})
afterEach(() => {
  serving.kill('SIGKILL')
})
afterAll(() => gate?.drop())

async function configure(sections: object): Promise<void> {
  await writeFile(gate.file, JSON.stringify({ ...JSON.parse(written), ...sections }))
}

/** `tenantgate serve` in a process of its own; gives its port. */
async function serve(): Promise<number> {
  const command = sourceCommand('src/cli/main.ts', 'serve', '--config', gate.file)
  serving = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'pipe'] })
  log = ''
  serving.stderr?.on('data', (chunk: Buffer) => {
    log += chunk
  })
  const listens = /tenantgate listens on [^:]+:(\d+)/
  await vi.waitFor(() => expect(log).toMatch(listens), WAIT)
  return Number(listens.exec(log)?.[1])
}

async function connect(port: number, connectionTimeoutMillis = 60_000): Promise<Client> {
  const { name: database } = gate.database
  const login = { user: 'acme_app', password, database }
  const client = new Client({ host: '127.0.0.1', port, ...login, connectionTimeoutMillis })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** What comes with an event, whatever errors come before it. */
function told(emitter: EventEmitter, event: string): Promise<readonly unknown[]> {
  return new Promise((resolve) => emitter.once(event, (...values) => resolve(values)))
}

/** Processes that `serve` has started. */
async function children(): Promise<readonly number[]> {
  const listed = await readFile(`/proc/${serving.pid}/task/${serving.pid}/children`, 'utf8')
  return listed.trim().split(' ').filter(Boolean).map(Number)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const full = process.env.TENANTGATE_TEST_FULL === '1'

describe.each([1, 2])('a gateway of %i processes', (workers) => {
  // each start takes a while: the short run tries one of the two ways each time
  const short = (processes: number) => test.runIf(full || workers === processes)

  short(2)('lets a transaction come to its end when told to stop, takes nobody new, and ends', async () => {
    await configure({ workers })
    const port = await serve()
    const [busy, idle] = [await connect(port), await connect(port)]
    await busy.query('BEGIN')
    const ended = told(serving, 'exit')
    const idleEnded = told(idle, 'end')
    serving.kill('SIGTERM')
    await idleEnded
    // one process may be a moment behind the other; who comes in this moment may hear nothing (ADR 24)
    await vi.waitFor(() => expect(connect(port, 1_000)).rejects.toThrow('ECONNREFUSED'), WAIT)
    expect((await busy.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await busy.query('COMMIT')
    expect(await ended).toEqual([0, null])
  })

  short(1)('cuts transactions off when the drain time is over, or at the second signal', async () => {
    const ways = [
      [600_000, 2],
      [200, 1],
    ] as const
    for (const [drainTimeoutMs, signals] of full ? ways : ways.slice(0, 1)) {
      await configure({ workers, drainTimeoutMs })
      const busy = await connect(await serve())
      await busy.query('BEGIN')
      const ended = told(serving, 'exit')
      serving.kill('SIGTERM')
      // a signal that comes along with another one is one
      if (signals === 2) setTimeout(() => serving.kill('SIGINT'), 500)
      expect(await ended).toEqual([0, null])
    }
  })

  short(1)('takes over a changed file, and goes on with the old one where it is bad', async () => {
    await configure({ workers })
    const client = await connect(await serve())
    await configure({ workers, limits: { queriesPerSecond: 0.001 } })
    await vi.waitFor(() => expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '53400' }), WAIT)
    await configure({ workers, limits: { queriesPerMinute: 5 } })
    await vi.waitFor(() => expect(log).toContain('limits.queriesPerMinute: unknown key'), WAIT)
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '53400' })
    await configure({ workers, listen: { port: 1 } })
    serving.kill('SIGHUP')
    await vi.waitFor(() => client.query('SELECT 1'), WAIT)
    expect(log).toContain('"keys":["listen.port"]')
    await client.end()
  })

  short(2)('leaves nothing behind when it is killed', async () => {
    await configure({ workers })
    const client = await connect(await serve())
    await client.query('BEGIN')
    const started = await children()
    expect(started).toHaveLength(workers === 1 ? 0 : workers)
    const [clientEnded, ended] = [told(client, 'end'), told(serving, 'exit')]
    serving.kill('SIGKILL')
    await Promise.all([clientEnded, ended])
    await vi.waitFor(() => expect(started.filter(isAlive)).toEqual([]), WAIT)
    const held = `SELECT FROM pg_stat_activity WHERE usename = '${gate.role}'`
    await vi.waitFor(async () => expect((await gate.database.query(held)).rows).toEqual([]), WAIT)
  })
})

test.runIf(full)('SIGUSR2 replaces the worker processes', async () => {
  await configure({ workers: 2 })
  const port = await serve()
  const before = await children()
  serving.kill('SIGUSR2')
  await vi.waitFor(async () => {
    const now = await children()
    expect(now).toHaveLength(2)
    expect(now.filter((pid) => before.includes(pid))).toEqual([])
  }, WAIT)
  const client = await connect(port)
  expect((await client.query('SELECT note FROM orders')).rows).toEqual([])
  await client.end()
})
