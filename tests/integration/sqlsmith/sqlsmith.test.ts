import { spawn } from 'node:child_process'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BUILTIN_FUNCTIONS } from '../../../src/policy/functions.generated.js'
import { hasProgram } from '../../support/programs.js'
import { RecordingProxy } from '../../support/recording-proxy.js'
import { systemServer } from '../../support/servers.js'
import { FULL } from '../../support/world/full.js'
import { openGateway, type WorldGateway } from '../../support/world/gateway.js'
import { CANARY, openWorld, type World } from '../../support/world/world.js'

const server = systemServer()
/** Both are printed with every run. */
const SEED = Number(process.env.TENANTGATE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
const SECONDS = Number(process.env.TENANTGATE_TEST_SQLSMITH_SECONDS ?? 600)

/** Why there is nothing to run; null where there is. */
function missing(): string | null {
  if (!FULL) return 'takes minutes: npm run test:full'
  if (server === undefined) return 'needs a PostgreSQL of the system, whose version sqlsmith knows'
  return hasProgram('sqlsmith') ? null : 'needs the program sqlsmith (Debian: apt-get install sqlsmith)'
}

describe('sqlsmith as a tenant', () => {
  let world: World
  let gateway: WorldGateway
  beforeAll(async () => {
    if (missing() !== null) return
    world = await openWorld(server)
    gateway = await openGateway(world, { max: 4 })
  })
  afterAll(async () => {
    if (missing() !== null) return
    await gateway.stop()
    await world.close()
  })

  test.for([
    {
      title: '1000 statements of all functions and relations',
      seed: 1,
      limit: ['--max-queries=1000'],
      rewrite: whole,
    },
    {
      title: '1000 statements of what a tenant may use',
      seed: 2,
      limit: ['--max-queries=1000'],
      rewrite: narrowed,
    },
    { title: `${SECONDS / 2} seconds of all functions and relations`, seed: SEED, limit: [], rewrite: whole },
    { title: `${SECONDS / 2} seconds of what a tenant may use`, seed: SEED, limit: [], rewrite: narrowed },
  ])('$title', async ({ title, seed, limit, rewrite }, { skip }) => {
    const reason = missing()
    if (reason !== null) skip(reason)
    const before = await world.shared.query('SELECT pristine.others()')
    const proxy = await RecordingProxy.start({
      port: Number(new URL(gateway.url).port),
      canary: CANARY,
      rewrite,
      counts: isGenerated,
    })
    await smith(proxy.port, [`--seed=${seed}`, ...limit])
    await proxy.stop()
    console.info(`sqlsmith, ${title}, seed ${seed}: ${proxy.statements.length}`, sorted(proxy.outcomes))
    expect(proxy.canaries.slice(0, 3)).toEqual([])
    expect(proxy.bugs.slice(0, 3)).toEqual([])
    expect(proxy.outcomes.get('00000')).toBeGreaterThan(10)
    expect((await world.shared.query('SELECT pristine.others()')).rows).toEqual(before.rows)
    await expect
      .poll(() => connections(world).then((all) => all.filter((state) => state !== 'idle')))
      .toEqual([])
    await expectSameErrors(proxy.statements.slice(-300))
  })

  test('leaves no server connection behind', async ({ skip }) => {
    const reason = missing()
    if (reason !== null) skip(reason)
    await gateway.stop()
    await expect.poll(() => connections(world)).toEqual([])
  })

  /** To its own end, or until its time is over. */
  async function smith(port: number, options: readonly string[]): Promise<void> {
    const url = new URL(gateway.url)
    const password = decodeURIComponent(url.password)
    const target = `host=127.0.0.1 port=${port} dbname=${url.pathname.slice(1)} user=${url.username} password='${password}' sslmode=disable gssencmode=disable`
    const child = spawn('sqlsmith', [`--target=${target}`, ...options], { stdio: 'ignore' })
    const timer = setTimeout(() => child.kill('SIGKILL'), (SECONDS / 2) * 1000)
    await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject))
    clearTimeout(timer)
  }

  /** What is wrong with a text by itself is wrong with it on a private database, and nothing else is. */
  async function expectSameErrors(texts: readonly string[]): Promise<void> {
    const [seen, own] = [await connect(gateway.url), await connect(world.twinUrl)]
    for (const text of texts) {
      const answer = await sqlstateOf(seen, text)
      if (OF_THE_TEXT.test(answer)) expect([text, await sqlstateOf(own, text)]).toEqual([text, answer])
    }
    await seen.end()
    await own.end()
  }
})

/** Syntax and names, features, and functions that don't run where they stand: decided before any row is read. */
const OF_THE_TEXT = /^(42(?!501)|0A|55)\d/

const ALLOWED = [...BUILTIN_FUNCTIONS].filter(([, { access }]) => access === 'allowed').map(([name]) => name)
const READABLE =
  'accounts projects tasks comments events events_2024 assets vehicles meters coupons invoices lines drafts bookings countries open_tasks task_archive'

/** What sqlsmith makes up has several lines; what it asks the catalogs and wraps statements in has one. */
function isGenerated(text: string): boolean {
  return text.includes('\n')
}

/** sqlsmith takes back what a statement did; here it stays. */
function whole(text: string): string {
  return /^rollback$/i.test(text) ? 'COMMIT' : text
}

/** Shows sqlsmith, which builds its statements from what the catalogs list, only what gets through: then more of it does. */
function narrowed(text: string): string {
  const among = (column: string, names: readonly string[]) => `${column} = ANY ('{${names.join(',')}}')`
  if (/from pg_proc where prorettype/.test(text)) return `${text} and ${among('proname', ALLOWED)}`
  if (/from information_schema\.tables$/.test(text.trim()))
    return `${text} where table_schema = 'public' and ${among('table_name', READABLE.split(' '))}`
  return whole(text)
}

/** The states of the server connections that the gateway has open. */
async function connections({ shared, role }: World): Promise<readonly unknown[]> {
  const { rows } = await shared.query(
    'SELECT state FROM pg_stat_activity WHERE usename = $1 AND datname = current_database()',
    [role.user],
  )
  return rows.map(({ state }) => state)
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  await client.connect()
  await client.query("SET statement_timeout TO '2s'")
  return client
}

/** 00000 where all went well, `refused` where the gateway said it. */
async function sqlstateOf(client: Client, text: string): Promise<string> {
  await client.query('BEGIN')
  try {
    await client.query(text)
    return '00000'
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    return message.includes('(incident ') ? 'refused' : (code ?? message)
  } finally {
    await client.query('ROLLBACK')
  }
}

function sorted(outcomes: ReadonlyMap<string, number>): string {
  return [...outcomes]
    .sort(([, a], [, b]) => b - a)
    .map((entry) => entry.join(': '))
    .join(', ')
}
