import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GatewayError } from '../../src/core/errors.js'
import { FULL } from '../support/world/full.js'
import { openGateway, type WorldGateway } from '../support/world/gateway.js'
import { type Observation, Observer } from '../support/world/observe.js'
import { openScoping, type Scoping } from '../support/world/scoping.js'
import { CANARY, openWorld, type World } from '../support/world/world.js'
import { corpus, fuzzed } from './corpus.js'
import { keep, type Progress, resumed } from './progress.js'
import { placeWitnesses } from './witness.js'

const COUNT = Number(process.env.TENANTGATE_FUZZ_COUNT ?? (FULL ? 100_000 : 1000))
const SEED = Number(process.env.TENANTGATE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
const HOURS = 3_600_000
/** A session keeps what it holds; and a new one finds what is wrong with beginnings. */
const PER_SESSION = 500
const NOTED = 10_000
const SLOW_MS = 10_000

/** What is never all right, whatever the text. */
const FINDINGS: ReadonlySet<string> = new Set(['leak', 'unproven', 'crash', 'server error', 'hang'])

describe(`statements that nobody would write (seed ${SEED})`, () => {
  let world: World
  let scoping: Scoping
  let gateway: WorldGateway
  let session: Observer
  let twin: Observer
  const texts = corpus()
  beforeAll(async () => {
    world = await openWorld()
    await placeWitnesses(world.shared)
    scoping = await openScoping(world.shared)
    gateway = await openGateway(world)
    twin = await Observer.connect(world.twinUrl, new Map())
    await begin()
  })
  afterAll(async () => {
    await twin.close()
    await session.close()
    await gateway.stop()
    await world.close()
  })

  test('the witnesses cry out', async () => {
    const raw = await Observer.connect(world.role.url, new Map())
    for (const text of [
      "DELETE FROM tasks WHERE tenant_id = '8'",
      'UPDATE lines SET quantity = 1',
      "INSERT INTO meters VALUES (99, 8, '', 1)",
    ])
      expect((await raw.ask({ text })).error?.message).toMatch(CANARY)
    expect((await raw.ask({ text: "DELETE FROM tasks WHERE tenant_id = '7' AND id < 0" })).error).toBeNull()
    await raw.close()
  })

  test(`${COUNT} of them`, { timeout: 6 * HOURS }, async () => {
    let progress = resumed(SEED)
    for (let done = progress.done; done < COUNT; done += 1) {
      if (done % PER_SESSION === PER_SESSION - 1) await renew()
      progress = counted(progress, await outcome(fuzzed(texts, SEED + done)), SEED + done)
      if (done % NOTED === NOTED - 1) keep(progress)
    }
    keep(progress)
    console.info(`seed ${SEED}, ${progress.done} statements`, progress.counts)
    expect(progress.findings.join('\n\n')).toBe('')
    expect(progress.counts.ran ?? 0).toBeGreaterThan(COUNT / 50)
  })

  async function renew(): Promise<void> {
    await session.close()
    await begin()
  }

  async function begin(): Promise<void> {
    session = await Observer.connect(gateway.url, new Map())
    await session.ask({ text: "SET statement_timeout = '300ms'" })
  }

  /** The gateway is asked what the compiler takes; what it takes runs in a transaction that is taken back. */
  async function outcome(text: string): Promise<Outcome> {
    try {
      scoping.scope({ text })
    } catch (error) {
      return refusal(text, error)
    }
    if (CANARY.test(text)) return { kind: 'names a marker', text }
    const seen = await Promise.race([asked(text), late()])
    if (seen === null) return { kind: 'hang', text }
    const kind = kindOf(seen)
    const isOwnFault = kind === 'server error' && (await failsAlike(text, seen))
    return { kind: isOwnFault ? 'failed' : kind, text, message: seen.error?.message }
  }

  /** Some texts bring PostgreSQL to say XX000 by themselves: nextval() of a number, for one. */
  async function failsAlike(text: string, { error }: Observation): Promise<boolean> {
    await twin.ask({ text: 'BEGIN' })
    const own = await twin.ask({ text })
    await twin.ask({ text: 'ROLLBACK' })
    return error?.code !== 'none' && own.error?.code === error?.code
  }

  async function asked(text: string): Promise<Observation> {
    await session.ask({ text: 'BEGIN' })
    const seen = await session.ask({ text })
    const end = await session.ask({ text: 'ROLLBACK' })
    if (end.error?.code === 'none') await renew()
    return seen
  }
})

interface Outcome {
  readonly kind: string
  readonly text: string
  readonly message?: string | undefined
}

function late(): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, SLOW_MS, null).unref())
}

function refusal(text: string, error: unknown): Outcome {
  if (!(error instanceof GatewayError))
    return isProtocolError(error)
      ? { kind: 'refused', text }
      : { kind: 'crash', text, message: String(error) }
  const { code, message } = error
  const kind =
    code === 'ISOLATION_UNPROVEN'
      ? 'unproven'
      : code === 'SYNTAX_ERROR'
        ? 'syntax error'
        : error.sqlstate.startsWith('XX')
          ? 'crash'
          : 'refused'
  return { kind, text, message }
}

/** A parameter's value is looked at when it is bound. */
function isProtocolError(error: unknown): boolean {
  return error instanceof Error && 'sqlstate' in error
}

function kindOf({ received, error }: Observation): string {
  if (CANARY.test(received)) return 'leak'
  if (error === null) return 'ran'
  if (error.code === '57014') return 'too slow'
  return /^(XX|58|57P)/.test(error.code) || error.code === 'none' ? 'server error' : 'failed'
}

const MAX_FINDINGS = 50

function counted(progress: Progress, { kind, text, message }: Outcome, seed: number): Progress {
  const counts = { ...progress.counts, [kind]: (progress.counts[kind] ?? 0) + 1 }
  const isNew = FINDINGS.has(kind) && progress.findings.length < MAX_FINDINGS
  const findings = isNew
    ? [...progress.findings, `${kind}, seed ${seed}: ${message ?? ''}\n${text}`]
    : progress.findings
  return { ...progress, done: progress.done + 1, counts, findings }
}
