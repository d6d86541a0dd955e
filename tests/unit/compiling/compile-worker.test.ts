import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type CompileWorkerOptions, ThreadWorker } from '../../../src/compiling/compile-worker.js'
import { READY } from '../../../src/compiling/thread-messages.js'
import { TenantId } from '../../../src/core/ids.js'
import type { CompileContext } from '../../../src/sql/compiled.js'
import { loadParser } from '../../../src/sql/parser.js'
import { failOnLeaks } from '../../support/leak-check.js'
import { SOURCE_THREAD } from '../../support/source-thread.js'
import { CONTEXT, scopedSql } from '../../support/sql-world.js'

beforeAll(loadParser)
failOnLeaks()

const workers: ThreadWorker[] = []
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
})

function start(options: Partial<CompileWorkerOptions> = {}): ThreadWorker {
  const worker = new ThreadWorker({
    entry: SOURCE_THREAD,
    limits: { maxTextBytes: 10_000_000, maxNesting: 250_000, maxTokens: 1_000_000 },
    stackMb: 128,
    heapMb: 2_048,
    startMs: 120_000,
    compileMs: 120_000,
    keptBytes: 2 ** 32,
    ...options,
  })
  workers.push(worker)
  return worker
}

/** A thread that runs other code, once it has said that it is ready. */
function script(code: string): Partial<CompileWorkerOptions> {
  const source = `import { parentPort } from 'node:worker_threads'; parentPort.postMessage('${READY}'); ${code}`
  return { entry: { url: new URL(`data:text/javascript,${encodeURIComponent(source)}`) } }
}

async function outcomeOf(
  worker: ThreadWorker,
  text: string,
  context: CompileContext = CONTEXT,
): Promise<string> {
  const tenants = [TenantId.of('acme')]
  const outcome = await worker.compile({ text: Buffer.from(text), context, tenants })
  if ('error' in outcome) throw outcome.error
  return outcome.plan.bind(tenants).toString()
}

describe('a thread', () => {
  test('compiles one text after the other to what this one would, and refuses with the same words', async () => {
    const worker = start()
    for (const text of ['SELECT id FROM orders', 'INSERT INTO orders (note) VALUES (1), (2)', ''])
      expect(await outcomeOf(worker, text)).toBe(scopedSql(text))
    await expect(outcomeOf(worker, 'SELECT * FROM nowhere')).rejects.toMatchObject({
      code: 'RELATION_DENIED',
      sqlstate: '42501',
      position: 15,
    })
    expect(worker.isUsable).toBe(true)
  })

  test('follows the schema', async () => {
    const worker = start()
    await outcomeOf(worker, 'SELECT id FROM orders')
    const snapshot = { ...CONTEXT.snapshot, generation: 2, relations: new Map() }
    await expect(outcomeOf(worker, 'SELECT id FROM orders', { ...CONTEXT, snapshot })).rejects.toThrow(
      'orders',
    )
    const policy = { ...CONTEXT.policy, generation: 2, relations: new Map() }
    await expect(outcomeOf(worker, 'SELECT * FROM countries', { ...CONTEXT, policy })).rejects.toThrow(
      'countries',
    )
    expect(await outcomeOf(worker, 'SELECT * FROM countries')).toBe(scopedSql('SELECT * FROM countries'))
  })

  test('has room for trees that are too deep for a process, and refuses deeper ones', async () => {
    const worker = start()
    const chain = (terms: number) => `SELECT ${'1+'.repeat(terms)}1`
    expect(() => scopedSql(chain(5_000))).toThrow('too deeply nested')
    expect(await outcomeOf(worker, chain(5_000))).toBe(chain(5_000))
    await expect(outcomeOf(worker, chain(300_000))).rejects.toMatchObject({ sqlstate: '54001' })
    expect(worker.isUsable).toBe(true)
  })

  test('is spent when its parser has overflown', async () => {
    const worker = start({ limits: { maxTextBytes: 10_000_000, maxNesting: 10_000_000 } })
    await expect(outcomeOf(worker, `SELECT ${'1+'.repeat(400_000)}1`)).rejects.toMatchObject({
      sqlstate: '54001',
    })
    expect(worker.isUsable).toBe(false)
  })

  test('is spent when it holds more memory than it may keep', async () => {
    const worker = start({ keptBytes: 1 })
    await outcomeOf(worker, 'SELECT id FROM orders')
    expect(worker.isUsable).toBe(false)
  })

  test('refuses texts of more tokens than it has memory for', async () => {
    const worker = start({ limits: { maxTextBytes: 1_000, maxTokens: 10 } })
    await expect(outcomeOf(worker, 'SELECT 1, 2, 3, 4, 5, 6')).rejects.toThrow('it has more than 10 tokens')
  })

  test('is given up when a text takes too long', async () => {
    const worker = start({ ...script(`parentPort.on('message', () => {})`), compileMs: 50 })
    await expect(outcomeOf(worker, 'SELECT 1')).rejects.toThrow('it takes longer than 50 ms')
    expect(worker.isUsable).toBe(false)
  })

  test('is given up when it takes too long to start', async () => {
    const entry = { url: new URL('data:text/javascript,setInterval(() => {}, 1000)') }
    const worker = start({ entry, startMs: 50 })
    await expect(outcomeOf(worker, 'SELECT 1')).rejects.toThrow('it takes longer than 50 ms')
    expect(worker.isUsable).toBe(false)
  })

  test('that ends answers for what it had', async () => {
    const worker = start(script(`parentPort.once('message', () => process.exit(3))`))
    await expect(outcomeOf(worker, 'SELECT 1')).rejects.toMatchObject({ code: 'STATEMENT_TOO_COSTLY' })
    expect(worker.isUsable).toBe(false)
  })

  test('that fails by itself is known not to be usable', async () => {
    const worker = start(script(`throw new Error('no such file')`))
    await expect.poll(() => worker.isUsable).toBe(false)
  })
})
