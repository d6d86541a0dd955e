import { describe, expect, test } from 'vitest'
import {
  CompileLane,
  type CompileLaneOptions,
  type CompileRequest,
} from '../../../src/compiling/compile-lane.js'
import type { CompileJob, CompileOutcome, CompileWorker } from '../../../src/compiling/compile-worker.js'
import { GatewayError } from '../../../src/core/errors.js'
import { TenantId } from '../../../src/core/ids.js'
import type { CompiledText } from '../../../src/sql/compiled.js'
import { CONTEXT } from '../../support/sql-world.js'

/** A thread whose answers a test gives. */
class FakeWorker implements CompileWorker {
  isUsable = true
  stopped = false
  readonly texts: string[] = []
  #answer: (outcome: CompileOutcome) => void = () => {}

  compile({ text }: CompileJob): Promise<CompileOutcome> {
    this.texts.push(text.toString())
    return new Promise((resolve) => {
      this.#answer = resolve
    })
  }

  async answer(): Promise<void> {
    this.#answer({ plan: planOf(this.texts.at(-1) ?? '') })
    await settled()
  }

  async stop(): Promise<void> {
    this.stopped = true
    this.#answer({ error: new Error('stopped') })
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))
const planOf = (text: string) => ({ uses: text.length }) as CompiledText

function stage(options: Partial<CompileLaneOptions> = {}) {
  const workers: FakeWorker[] = []
  const start = () => {
    const worker = new FakeWorker()
    workers.push(worker)
    return worker
  }
  const lane = new CompileLane({ start, maxWaiting: 2, waitMs: 60_000, ...options })
  const done: string[] = []
  const ask = (text: string, more: Partial<CompileRequest> = {}) =>
    lane.request({
      text: Buffer.from(text),
      context: CONTEXT,
      tenants: [],
      tenant: TenantId.of(text.split(' ')[0] ?? ''),
      done: (outcome) => done.push('plan' in outcome ? text : `${text}: ${codeOf(outcome.error)}`),
      ...more,
    })
  return { lane, workers, done, ask }
}

function codeOf(error: Error): string {
  return error instanceof GatewayError ? error.code : error.message
}

describe('a lane', () => {
  test('starts its thread with the first text, and gives it one after the other', async () => {
    const { workers, done, ask } = stage()
    expect(workers).toHaveLength(0)
    for (const text of ['acme 1', 'acme 2', 'acme 3', 'globex 1']) ask(text)
    for (let i = 0; i < 4; i += 1) await workers[0]?.answer()
    const byTurn = ['acme 1', 'acme 2', 'globex 1', 'acme 3']
    expect(workers.map(({ texts }) => texts)).toEqual([byTurn])
    expect(done).toEqual(byTurn)
  })

  test('replaces a thread that is not usable any more, and a dead one', async () => {
    const { workers, done, ask } = stage()
    ask('acme 1')
    Object.assign(workers[0] ?? {}, { isUsable: false })
    await workers[0]?.answer()
    expect(workers[0]?.stopped).toBe(true)
    ask('acme 2')
    await workers[1]?.answer()
    Object.assign(workers[1] ?? {}, { isUsable: false })
    ask('acme 3')
    await workers[2]?.answer()
    expect(done).toEqual(['acme 1', 'acme 2', 'acme 3'])
  })

  test('refuses what one tenant has too much of, and takes the others', async () => {
    const { workers, done, ask } = stage()
    for (const text of ['acme 1', 'acme 2', 'acme 3']) ask(text)
    expect(() => ask('acme 4')).toThrow(expect.objectContaining({ code: 'COMPILER_BUSY' }))
    ask('globex 1')
    for (let i = 0; i < 4; i += 1) await workers[0]?.answer()
    expect(done.toSorted()).toEqual(['acme 1', 'acme 2', 'acme 3', 'globex 1'])
  })

  test('lets nobody wait for ever', async () => {
    const { lane, done, ask } = stage({ waitMs: 5 })
    ask('acme 1')
    ask('acme 2')
    await expect.poll(() => done).toEqual(['acme 2: COMPILER_BUSY'])
    await lane.stop()
  })

  test('answers nobody who has withdrawn, waiting or running', async () => {
    const { workers, done, ask } = stage()
    const [first, second] = [ask('acme 1'), ask('acme 2')]
    ask('acme 3')
    first()
    second()
    await workers[0]?.answer()
    await workers[0]?.answer()
    expect(workers[0]?.texts).toEqual(['acme 1', 'acme 3'])
    expect(done).toEqual(['acme 3'])
  })

  test('does not compile what has become known meanwhile', async () => {
    const { workers, done, ask } = stage()
    ask('acme 1')
    ask('acme 2', { known: () => planOf('acme 2') })
    await workers[0]?.answer()
    expect(workers[0]?.texts).toEqual(['acme 1'])
    expect(done).toEqual(['acme 1', 'acme 2'])
  })

  test('ends its thread when it stops, answers nobody, and takes nothing more', async () => {
    const { lane, workers, done, ask } = stage()
    ask('acme 1')
    ask('acme 2')
    await lane.stop()
    expect(workers.map(({ stopped }) => stopped)).toEqual([true])
    expect(done).toEqual([])
    expect(() => ask('acme 3')).toThrow(expect.objectContaining({ code: 'COMPILER_BUSY' }))
  })
})
