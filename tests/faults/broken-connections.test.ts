import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Random } from '../property/random.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { FaultProxy, type Plan } from '../support/fault-proxy.js'
import type { Faults } from '../support/faulty-pump.js'
import { type TestGateway, testGateway } from '../support/gateway.js'
import { converse, type Heard, NOTES } from './conversation.js'

const FULL = process.env.TENANTGATE_TEST_FULL === '1'
const SEED = Number(process.env.TENANTGATE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
const ROUNDS = FULL ? 600 : 4
const CORRUPT_ROUNDS = FULL ? 200 : 2
/** A conversation takes milliseconds; who waits for so long waits for ever. */
const LIMIT_MS = 20_000
/** For one that was told something wrong, and may wait for ever by itself. */
const CORRUPT_LIMIT_MS = 400
/** What a whole conversation is about as long as, in either direction. */
const LENGTHS = { toServer: 1_500, toClient: 12_000 } as const

let database: TestDatabase
let clients: FaultProxy
let servers: FaultProxy
let gateway: TestGateway
let whole: ReadonlyMap<string, readonly string[]>

beforeAll(async () => {
  database = await testDatabase({ sql: NOTES })
  servers = await FaultProxy.start({ port: database.port, seed: SEED })
  gateway = await testGateway({ upstream: servers.through(database.url), pool: { max: 2 } })
  clients = await FaultProxy.start({ port: gateway.port, seed: SEED + 1 })
  const direct = async (owner: string) =>
    [owner, (await converse(database.url, owner, LIMIT_MS)).lines] as const
  whole = new Map([await direct('alice'), await direct('bob')])
})
afterEach(async () => {
  clients.plan = () => ({})
  servers.plan = () => ({})
  await nothingIsLeft()
})
afterAll(async () => {
  await clients.stop()
  await gateway.stop()
  await servers.stop()
  await database.drop()
})

/** Nobody is connected any more, every lease has come back, and the server has no connection that nobody knows of. */
async function nothingIsLeft(): Promise<void> {
  await expect.poll(() => gateway.connections, { timeout: 30_000 }).toBe(0)
  expect(gateway.registry.size).toBe(0)
  await expect.poll(() => gateway.pool.state.open - gateway.pool.state.idle, { timeout: 15_000 }).toBe(0)
  expect(gateway.pool.state.waiting).toBe(0)
  const backends = async () => {
    const { rows } = await database.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tenantgate'`,
    )
    return rows[0]?.n
  }
  await expect.poll(backends, { timeout: 30_000 }).toBe(gateway.pool.state.open)
  expect(gateway.bugs).toEqual([])
}

const all = (owner = 'alice'): readonly string[] => whole.get(owner) ?? []

/** Fresh server connections for the next conversation: faults belong to a connection from its beginning. */
async function renewServers(plan: FaultProxy['plan']): Promise<void> {
  servers.plan = plan
  const old = servers.links
  for (const link of old) link.cut()
  const left = () => servers.links.filter((link) => old.includes(link)).length
  await expect.poll(left, { timeout: 30_000 }).toBe(0)
  await expect.poll(() => gateway.pool.state.open <= servers.links.length, { timeout: 30_000 }).toBe(true)
}

const HARMLESS: readonly (readonly [string, Faults])[] = [
  ['split into single bytes', { splitBytes: 1 }],
  ['split into pieces', { splitBytes: 7 }],
  ['merged', { mergeMs: 15 }],
  ['delayed', { delayMs: 10 }],
]

describe.each(HARMLESS)('what is %s', (_title, faults) => {
  test('between client and gateway means the same', async () => {
    clients.plan = () => ({ toServer: faults, toClient: faults })
    const heard = await converse(clients.through(gateway.url()), 'alice', LIMIT_MS)
    expect(heard).toEqual({ lines: all(), end: null })
  })

  test('between gateway and server means the same', async () => {
    await renewServers(() => ({ toServer: faults, toClient: faults }))
    expect(await converse(gateway.url(), 'alice', LIMIT_MS)).toEqual({ lines: all(), end: null })
  })
})

/** What the gateway says of a server that it lost, or didn't reach. */
const NO_SERVER = /^< ErrorResponse.* C="08006"/

/** What was heard is the beginning of what there was to hear, up to the end or to the server's loss. */
function expectBeginning({ lines, end }: Heard, seed: number, owner = 'alice'): void {
  const about = `seed ${seed}`
  expect(end, about).not.toBe('late')
  const loss = lines.findIndex((line) => line === 'closed' || NO_SERVER.test(line))
  const told = loss < 0 ? lines : lines.slice(0, loss)
  expect(told, about).toEqual(all(owner).slice(0, told.length))
  if (end === null && loss < 0) expect(told, about).toEqual(all(owner))
}

function cutSomewhere(random: Random): Plan {
  const way = random.pick(['toServer', 'toClient'] as const)
  return { [way]: { cutAfter: random.below(LENGTHS[way]), splitBytes: 500 } }
}

describe('a connection that is cut', () => {
  test('between client and gateway ends its session, and nobody else’s', async () => {
    for (let seed = SEED; seed < SEED + ROUNDS; seed += 1) {
      const plan = cutSomewhere(new Random(seed))
      clients.plan = () => plan
      const [cut, other] = await Promise.all([
        converse(clients.through(gateway.url()), 'alice', LIMIT_MS),
        converse(gateway.url('bob'), 'bob', LIMIT_MS),
      ])
      expectBeginning(cut, seed)
      expect(other, `seed ${seed}`).toEqual({ lines: whole.get('bob'), end: null })
    }
  })

  test('between gateway and server ends the session that has it, and nobody else’s', async () => {
    for (let seed = SEED; seed < SEED + ROUNDS; seed += 1) {
      const plan = cutSomewhere(new Random(seed))
      let connections = 0
      // one of them breaks, whoever gets it
      await renewServers(() => (connections++ === 0 ? plan : {}))
      expectBeginning(await converse(gateway.url(), 'alice', LIMIT_MS), seed)
      expectBeginning(await converse(gateway.url('bob'), 'bob', LIMIT_MS), seed, 'bob')
    }
  })
})

describe('a connection that goes silent', () => {
  test('on the client’s side keeps no server connection once the client has gone', async () => {
    clients.plan = () => ({ toServer: { stallAfter: 700 } })
    const { end } = await converse(clients.through(gateway.url()), 'alice', CORRUPT_LIMIT_MS)
    expect(end).toBe('late')
    // the proxy keeps the gateway's side open
    for (const link of clients.links) link.cut()
    expect((await converse(gateway.url(), 'alice', LIMIT_MS)).end).toBeNull()
  })

  test('on the server’s side is given up with its client', async () => {
    await renewServers((_, number) => (number % 2 === 0 ? { toClient: { stallAfter: 2_000 } } : {}))
    for (let round = 0; round < 4; round += 1) await converse(gateway.url(), 'alice', CORRUPT_LIMIT_MS)
    await renewServers(() => ({}))
    expect((await converse(gateway.url(), 'alice', LIMIT_MS)).end).toBeNull()
  })
})

describe('bytes that arrive changed', () => {
  const flipSomewhere = (random: Random, way: keyof typeof LENGTHS): Plan => ({
    [way]: {
      flips: Array.from({ length: random.between(1, 3) }, () => random.below(LENGTHS[way])),
      splitBytes: 900,
    },
  })

  test.each([
    ['of the client', 'toServer', () => clients],
    ['for the client', 'toClient', () => clients],
    ['of the server', 'toClient', () => servers],
    ['for the server', 'toServer', () => servers],
  ] as const)('%s are nobody else’s affair', async (_title, way, proxy) => {
    for (let seed = SEED; seed < SEED + CORRUPT_ROUNDS; seed += 1) {
      const plan = flipSomewhere(new Random(seed), way)
      let connections = 0
      const flipped = () => (connections++ === 0 ? plan : {})
      if (proxy() === servers) await renewServers(flipped)
      else clients.plan = flipped
      const url = proxy() === clients ? clients.through(gateway.url()) : gateway.url()
      const [changed, other] = [
        await converse(url, 'alice', CORRUPT_LIMIT_MS),
        // its server connection may be the one that is changed
        await converse(gateway.url('bob'), 'bob', proxy() === clients ? LIMIT_MS : CORRUPT_LIMIT_MS),
      ]
      const rows = (lines: readonly string[]) =>
        lines.filter((line) => /^< (DataRow|CopyData)/.test(line)).join('\n')
      expect(rows(changed.lines), `seed ${seed}`).not.toContain('bob')
      expect(rows(other.lines), `seed ${seed}`).not.toContain('alice')
      if (proxy() === clients) expect(other, `seed ${seed}`).toEqual({ lines: whole.get('bob'), end: null })
    }
  })
})
