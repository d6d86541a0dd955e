import { afterAll, beforeAll, expect, test } from 'vitest'
import { Random } from '../property/random.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { FaultProxy, type Plan } from '../support/fault-proxy.js'
import { heldMemory } from '../support/held-memory.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'
import { ITEMS, live, type SoakWorld } from './soak-client.js'

const FULL = process.env.TENANTGATE_TEST_FULL === '1'
const SECONDS = Number(process.env.TENANTGATE_SOAK_SECONDS ?? (FULL ? 900 : 4))
const SEED = Number(process.env.TENANTGATE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
const CLIENTS = 200
const TENANTS = Array.from({ length: 20 }, (_, index) => `tenant${String(index).padStart(2, '0')}x`)
const CUT_EVERY_MS = 60
/** Between the first look at memory and the last; caches fill, statements are compiled. */
const MAX_GROWTH = 48 * 1024 * 1024

let database: TestDatabase
let servers: FaultProxy
let clients: FaultProxy
let whole: WholeGateway
const errors: string[] = []

beforeAll(async () => {
  database = await testDatabase({ sql: ITEMS })
  servers = await FaultProxy.start({ port: database.port, seed: SEED, plan })
  const through = (url: string) => servers.through(url)
  whole = await wholeGateway(
    database,
    { audit: { table: false } },
    { through, onError: (line) => errors.push(line) },
  )
  for (const id of TENANTS) {
    await whole.tenants.add({ id, name: id, assignments: [] })
    await whole.logins.add({ name: `${id}_app`, kind: 'app', tenants: [id], password: whole.password })
  }
  await database.query(
    `INSERT INTO items SELECT t, n, t || ' from the start' FROM unnest($1::text[]) t, generate_series(0, 400, 3) n`,
    [TENANTS],
  )
  await whole.gateway.refresh()
  clients = await FaultProxy.start({ port: whole.gateway.port, seed: SEED + 1_000_000, plan })
})
afterAll(async () => {
  await clients.stop()
  await whole.stop()
  await servers.stop()
  await database.drop()
})

/** Most connections are whole; some are slow or in pieces, and some break at a byte of their own. */
function plan(random: Random): Plan {
  const way = random.pick(['toServer', 'toClient'] as const)
  if (random.chance(15)) return { [way]: { cutAfter: 500 + random.below(20_000) } }
  if (random.chance(15)) return { [way]: { splitBytes: 40 } }
  if (random.chance(15)) return { [way]: { delayMs: 5 } }
  return {}
}

async function metric(name: string): Promise<number> {
  const page = await (await fetch(`http://127.0.0.1:${whole.gateway.adminPort}/metrics`)).text()
  const values = [...page.matchAll(new RegExp(`^tenantgate_${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))]
  return values.reduce((sum, [, value]) => sum + Number(value), 0)
}

test(`${CLIENTS} clients of ${TENANTS.length} tenants for ${SECONDS} s, while connections are cut (seed ${SEED})`, {
  timeout: (SECONDS + 240) * 1_000,
}, async () => {
  const found: string[] = []
  const counts = new Map<string, number>()
  const until = Date.now() + SECONDS * 1_000
  const world: SoakWorld = {
    url: (tenant) => clients.through(whole.url(tenant)),
    isOver: () => Date.now() > until,
    found: (what) => void (found.length < 100 && found.push(what)),
    counts,
  }
  const random = new Random(SEED)
  const cutting = setInterval(() => {
    for (const { links } of random.chance(20) ? [servers] : [clients])
      if (links.length > 0) random.pick(links).cut()
  }, CUT_EVERY_MS)
  const memory: number[] = []
  const looking = setInterval(() => memory.push(heldMemory()), (SECONDS * 1_000) / 12)
  const lives = Array.from({ length: CLIENTS }, (_, index) =>
    live(world, TENANTS[index % TENANTS.length] ?? '', new Random(SEED + index)),
  )
  await Promise.all(lives)
  clearInterval(cutting)
  clearInterval(looking)

  await expect.poll(() => metric('sessions'), { timeout: 20_000 }).toBe(0)
  await expect.poll(() => metric('leases'), { timeout: 20_000 }).toBe(0)
  expect(await metric('pool_waiting_sessions')).toBe(0)
  expect(await metric('pool_idle_connections')).toBe(await metric('pool_connections'))
  memory.push(heldMemory())
  const { rows } = await database.query(`SELECT * FROM items WHERE note NOT LIKE tenant_id || '%'`)
  const megabytes = memory.map((bytes) => Math.round(bytes / 1024 / 1024))
  console.info(`seed ${SEED}`, Object.fromEntries(counts), 'MB held', megabytes.join(' '))
  expect(found.join('\n')).toBe('')
  expect(rows).toEqual([])
  expect(errors.filter((line) => line.includes('internal error'))).toEqual([])
  expect((memory.at(-1) ?? 0) - (memory[2] ?? 0)).toBeLessThan(MAX_GROWTH)
  expect(counts.get('rows') ?? 0).toBeGreaterThan(SECONDS)
})
