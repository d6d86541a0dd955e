import { once } from 'node:events'
import { connect } from 'node:net'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeStartupPacket } from '../../src/wire/startup-packet.js'
import { Random } from '../property/random.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'
import { WireClient } from '../support/wire-client.js'
import { garbled, messages } from './mutated-messages.js'
import { ITEMS } from './soak-client.js'

const FULL = process.env.TENANTGATE_TEST_FULL === '1'
const SESSIONS = Number(process.env.TENANTGATE_FUZZ_SESSIONS ?? (FULL ? 20_000 : 100))
const AT_ONCE = Number(process.env.TENANTGATE_FUZZ_AT_ONCE ?? 8)
const SEED = Number(process.env.TENANTGATE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
const HANG_MS = 30_000

let database: TestDatabase
let whole: WholeGateway
const errors: string[] = []
const findings: string[] = []

beforeAll(async () => {
  database = await testDatabase({
    sql: `${ITEMS}; INSERT INTO items SELECT t, n, 'canary of ' || t FROM unnest('{acme,globex}'::text[]) t, generate_series(1, 20) n`,
  })
  const configuration = { audit: { table: false }, upstream: { pool: { max: 4 } } }
  whole = await wholeGateway(database, configuration, { onError: (line) => errors.push(line) })
})
afterAll(async () => {
  await whole.stop()
  await database.drop()
})

/** What the gateway says to bytes until it or the client has enough. */
async function said(tenant: string, random: Random): Promise<Buffer> {
  const chunks: Buffer[] = []
  const socket = random.chance(20)
    ? connect(whole.gateway.port, '127.0.0.1')
    : (await WireClient.connect(whole.url(tenant))).socket
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const all = messages(random)
  const bytes = Buffer.concat(random.chance(30) ? random.shuffled(all) : all)
  socket.write(
    socket.connecting ? garbled(startup(tenant), random) : random.chance(80) ? garbled(bytes, random) : bytes,
  )
  await new Promise((resolve) => setTimeout(resolve, random.below(60)))
  // the gateway's end of it follows
  if (!socket.destroyed) socket.end()
  if (!socket.closed) await once(socket, 'close')
  return Buffer.concat(chunks)
}

function startup(tenant: string): Buffer {
  const parameters = new Map([
    ['user', `${tenant}_app`],
    ['database', database.name],
    ['options', '-c timezone=UTC'],
  ])
  const packet = encodeStartupPacket({ kind: 'startup-message', minorVersion: 0, parameters })
  return Buffer.concat([
    packet,
    Buffer.from('p\0\0\0\x36SCRAM-SHA-256\0\0\0\0\x20n,,n=,r=rOprNGfwEbeRWgbNEkqO01', 'latin1'),
  ])
}

async function fuzz(seed: number): Promise<void> {
  const random = new Random(seed)
  const [tenant, other] = random.chance(50) ? ['acme', 'globex'] : ['globex', 'acme']
  const limit = new Promise<null>((resolve) => setTimeout(resolve, HANG_MS, null).unref())
  const heard = await Promise.race([said(tenant, random), limit])
  if (heard === null) findings.push(`seed ${seed}: no end after ${HANG_MS} ms`)
  else if (heard.includes(`canary of ${other}`))
    findings.push(`seed ${seed}: ${tenant} got a row of ${other}`)
}

/** Somebody else at the same time, whom all this is nothing to. */
async function bystander(isOver: () => boolean): Promise<number> {
  const client = new Client({ connectionString: whole.url('globex') })
  await client.connect()
  let statements = 0
  while (!isOver()) {
    const { rows } = await client.query(`SELECT * FROM items WHERE id BETWEEN 2 AND $1 ORDER BY id`, [20])
    const wrong = rows.filter(({ tenant_id }) => tenant_id !== 'globex')
    if (rows.length < 19 || wrong.length > 0) findings.push(`the bystander got ${JSON.stringify(rows)}`)
    statements += 1
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await client.end()
  return statements
}

test(`${SESSIONS} sessions of garbled messages leave everybody else alone (seed ${SEED})`, {
  timeout: 3_600_000,
}, async () => {
  let next = SEED
  const worker = async () => {
    while (next < SEED + SESSIONS) await fuzz(next++)
  }
  let isOver = false
  const other = bystander(() => isOver)
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  isOver = true
  expect(await other).toBeGreaterThan(0)
  expect(findings.join('\n')).toBe('')
  expect(errors.filter((line) => line.includes('internal error'))).toEqual([])
  const { rows } = await database.query(
    `SELECT * FROM items WHERE note LIKE 'canary%' AND note <> 'canary of ' || tenant_id`,
  )
  expect(rows).toEqual([])
  const idle = async () =>
    (
      await database.query(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'tenantgate' AND datname = current_database() AND state <> 'idle'`,
      )
    ).rows[0]?.n
  await expect.poll(idle, { timeout: 30_000 }).toBe(0)
})
