import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'
import { say, WireClient } from '../support/wire-client.js'

const WORKERS = 2
const WAIT = { timeout: 15_000, interval: 50 }

let database: TestDatabase
let gate: WholeGateway
const clients: Client[] = []

beforeAll(async () => {
  database = await testDatabase()
  await database.query(`
    CREATE TABLE orders (tenant_id text, note text);
    INSERT INTO orders VALUES ('acme', 'own'), ('globex', 'foreign')`)
  gate = await wholeGateway(database, {
    workers: WORKERS,
    upstream: { pool: { max: 6, perTenant: 6, queueTimeoutMs: 500 } },
  })
})
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()))
  await gate.tenants.set('acme', [
    'limits.connections=0',
    'limits.concurrentQueries=0',
    'limits.queriesPerSecond=0',
  ])
  await gate.gateway.refresh()
  await vi.waitFor(async () => expect(await metric('tenantgate_sessions')).toBe(0), WAIT)
})
afterAll(async () => {
  await gate?.stop()
  await database?.drop()
})

async function connect(tenant = 'acme'): Promise<Client> {
  const client = new Client({ connectionString: gate.url(tenant) })
  client.on('error', () => {})
  await client.connect()
  clients.push(client)
  return client
}

/** One in each process: connections are handed out in turn. */
function connectToEach(tenant = 'acme'): Promise<readonly Client[]> {
  return Promise.all(Array.from({ length: WORKERS }, () => connect(tenant)))
}

async function limit(assignment: string): Promise<void> {
  await gate.tenants.set('acme', [assignment])
  await gate.gateway.refresh()
}

/** The sum of all series whose text begins so. */
async function metric(name: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${gate.gateway.adminPort}/metrics`)
  const values = (await answer.text())
    .split('\n')
    .filter((line) => line.startsWith(name) && /^[ {]/.test(line.slice(name.length)))
  return values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

test('clients of all processes see their tenant, and are counted together', async () => {
  const before = await metric('tenantgate_statements_total')
  for (const [tenant, note] of [
    ['acme', 'own'],
    ['globex', 'foreign'],
  ] as const)
    for (const client of await connectToEach(tenant))
      expect((await client.query('SELECT note FROM orders')).rows).toEqual([{ note }])
  expect(await metric('tenantgate_statements_total')).toBe(before + 2 * WORKERS)
  expect(await metric('tenantgate_sessions')).toBe(2 * WORKERS)
  expect(await metric('tenantgate_workers')).toBe(WORKERS)
})

test('a cancel request reaches its session, whichever process gets it', async () => {
  const holder = await connect()
  await holder.query(`BEGIN; UPDATE orders SET note = 'own'`)
  const client = await WireClient.connect(gate.url('acme'))
  for (let i = 0; i < WORKERS; i += 1) {
    client.send(say.query(`UPDATE orders SET note = 'waits'`))
    await vi.waitFor(async () => expect(await running("SET note = 'waits'")).toBe(1), WAIT)
    const { processId, secret } = client.cancelKey
    const { connect: connectTcp } = await import('node:net')
    const socket = connectTcp(gate.gateway.port, '127.0.0.1')
    socket.end(say.cancel({ processId, secret }))
    socket.resume()
    expect((await client.ready()).join()).toContain('C="57014"')
  }
  client.close()
  await holder.query('COMMIT')
})

async function running(text: string): Promise<number> {
  const { rows } = await database.query(
    `SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE $1 AND pid <> pg_backend_pid()`,
    [`%${text}%`],
  )
  return rows.length
}

test('the limit on connections is one for all processes', async () => {
  await limit('limits.connections=4')
  // whoever left a moment ago may still be counted
  for (let i = 0; i < 4; i += 1) await vi.waitFor(() => connect(), WAIT)
  for (let i = 0; i < WORKERS; i += 1) await expect(connect()).rejects.toMatchObject({ code: '53300' })
  await clients.shift()?.end()
  await vi.waitFor(() => connect(), WAIT)
})

test('the limit on statements at a time is one for all processes', async () => {
  await limit('limits.concurrentQueries=2')
  const [first, second, third, fourth] = [...(await connectToEach()), ...(await connectToEach())]
  await first?.query('BEGIN')
  await second?.query('BEGIN')
  for (const other of [third, fourth])
    await expect(other?.query('SELECT 1')).rejects.toMatchObject({ code: '53300' })
  const waiting = third?.query('SELECT 1 AS one')
  await first?.query('COMMIT')
  expect((await waiting)?.rows).toEqual([{ one: 1 }])
  await second?.query('COMMIT')
})

test('the limit on statements in a second is one for all processes', async () => {
  await limit('limits.queriesPerSecond=20')
  const all = await connectToEach()
  let ran = 0
  const sinceMs = Date.now()
  await Promise.all(
    all.map(async (client) => {
      for (let i = 0; i < 40; i += 1) {
        const answer = await client.query('SELECT 1').catch((error: { code?: string }) => error)
        if ('rows' in answer) ran += 1
        else
          expect(answer).toMatchObject({ code: '53400', hint: expect.stringMatching(/^Try again in \d+ ms/) })
      }
    }),
  )
  expect(ran).toBeGreaterThan(10)
  expect(ran).toBeLessThanOrEqual(20 + Math.ceil(((Date.now() - sinceMs) / 1_000) * 20))
})

test('guessing a password is slowed down in all processes together', async () => {
  const throttled = () => metric('tenantgate_logins_total{outcome="refused",reason="throttled"}')
  const before = await throttled()
  const url = new URL(gate.url('acme'))
  url.username = 'nobody'
  // three failures in each process, which for itself would look at a fourth
  for (let i = 0; i < 3 * WORKERS; i += 1)
    await new Client({ connectionString: url.href }).connect().catch(() => {})
  expect(await throttled()).toBeGreaterThan(before)
})

test('a changed schema, tenant and configuration are in force in all processes', async () => {
  const all = await connectToEach()
  await database.query('CREATE TABLE later (tenant_id text)')
  await database.query('CREATE TABLE countries (code text)')
  await database.query('GRANT SELECT ON later, countries TO PUBLIC')
  await gate.gateway.refresh()
  for (const client of all) expect((await client.query('SELECT * FROM later')).rows).toEqual([])
  const { configuration } = gate
  const relations = { 'public.countries': { access: 'shared' as const } }
  await gate.gateway.reload({ ...configuration, policy: { ...configuration.policy, relations } })
  for (const client of all) expect((await client.query('SELECT * FROM countries')).rows).toEqual([])
  await gate.gateway.reload(configuration)
  for (const client of all)
    await expect(client.query('SELECT * FROM countries')).rejects.toMatchObject({ code: '42501' })
})

test('a process that is killed is replaced, what it held is free, and the others go on', async () => {
  await limit('limits.connections=3')
  const all: Client[] = []
  while (all.length < WORKERS) all.push(await vi.waitFor(() => connect(), WAIT))
  const lost = await metric('tenantgate_workers_lost_total')
  const ended = new Promise((resolve) => all.forEach((client) => void client.once('end', resolve)))
  process.kill(await someWorker(), 'SIGKILL')
  await ended
  await vi.waitFor(async () => expect(await metric('tenantgate_workers')).toBe(WORKERS), WAIT)
  expect(await metric('tenantgate_workers_lost_total')).toBe(lost + 1)
  const answers = await Promise.allSettled(all.map((client) => client.query('SELECT note FROM orders')))
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(WORKERS - 1)
  expect((await (await connect()).query('SELECT note FROM orders')).rows).toEqual([{ note: 'own' }])
})

/** As the system has it: a child of this process that runs a worker. */
async function someWorker(): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8')
  for (const pid of children.trim().split(' '))
    if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('worker-process')) return Number(pid)
  throw new Error('there are workers')
}

test('processes are replaced one by one: transactions end, and clients can connect all the time', async () => {
  const busy = await connect()
  await busy.query('BEGIN')
  const before = await someWorker()
  const failures: unknown[] = []
  let isReplacing = true
  const replaced = gate.gateway.replaceWorkers().finally(() => {
    isReplacing = false
  })
  // asked again, it is the same
  void gate.gateway.replaceWorkers()
  const commit = setTimeout(() => void busy.query('COMMIT').catch((error) => failures.push(error)), 1_000)
  while (isReplacing) {
    const client = new Client({ connectionString: gate.url('globex') })
    let ending: (Error & { code?: string }) | null = null
    client.on('error', (error) => {
      ending ??= error
    })
    await client.connect().catch((error) => failures.push(error))
    const answer = await client
      .query('SELECT note FROM orders')
      .catch((error: Error & { code?: string }) => ending ?? error)
    // a session of an old process is told that it ends, between its statements
    if (!('rows' in answer) && answer.code !== '57P01') failures.push(answer)
    await client.end().catch(() => {})
  }
  await replaced
  clearTimeout(commit)
  expect(failures).toEqual([])
  expect(await someWorker()).not.toBe(before)
  expect(await metric('tenantgate_workers')).toBe(WORKERS)
})
