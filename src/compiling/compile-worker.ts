import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { GatewayError } from '../core/errors.js'
import type { TenantId } from '../core/ids.js'
import { invariant } from '../core/invariant.js'
import type { ProgramEntry } from '../core/program-entry.js'
import type { CompileContext, CompiledText } from '../sql/compiled.js'
import type { TextLimits } from '../sql/parse.js'
import { unpackPlan } from '../sql/plan-transfer.js'
import { unpackError } from './error-transfer.js'
import { packSchema } from './schema-transfer.js'
import { READY, type ThreadAnswer, type ThreadData, type ThreadRequest } from './thread-messages.js'

/** What became of a text. */
export type CompileOutcome = { readonly plan: CompiledText } | { readonly error: Error }

export const THREAD_ENTRY: ProgramEntry = { url: new URL('./compile-thread.js', import.meta.url) }

export interface CompileWorkerOptions {
  readonly entry: ProgramEntry
  readonly limits: TextLimits
  readonly stackMb: number
  readonly heapMb: number
  /** Units: ms until the thread has loaded its code. */
  readonly startMs: number
  /** Units: ms that one text may take. */
  readonly compileMs: number
  /** What the thread may hold after a text without being replaced. */
  readonly keptBytes: number
}

/** What a thread is to compile, and whose scoped text is wanted of it. */
export interface CompileJob {
  readonly text: Buffer
  readonly context: CompileContext
  readonly tenants: readonly TenantId[]
}

/** A thread as its queue needs it. */
export interface CompileWorker {
  /** False: no more texts; another has to take its place. */
  readonly isUsable: boolean
  /** One text at a time. */
  compile(job: CompileJob): Promise<CompileOutcome>
  stop(): Promise<void>
}

/** What a thread says, an Error being its last word. */
type Word = ThreadAnswer | typeof READY | Error

/** A thread that compiles; it keeps no process alive. */
export class ThreadWorker implements CompileWorker {
  isUsable = true
  readonly #options: CompileWorkerOptions
  readonly #thread: Worker
  readonly #ready: Promise<Word>
  /** The schema that the thread has. */
  #schema: Pick<CompileContext, 'snapshot' | 'policy'> | null = null
  /** Whoever waits for the thread's next word. */
  #settle: (word: Word) => void = () => {}

  constructor(options: CompileWorkerOptions) {
    this.#options = options
    const { entry, limits, stackMb, heapMb } = options
    const workerData: ThreadData = { limits }
    this.#thread = new Worker(entry.url, {
      workerData,
      name: 'tenantgate-compile',
      ...(entry.execArgv === undefined ? {} : { execArgv: [...entry.execArgv] }),
      resourceLimits: { stackSizeMb: stackMb, maxOldGenerationSizeMb: heapMb },
    })
    this.#thread.unref()
    this.#thread.on('message', (word: Word) => this.#settle(word))
    this.#thread.on('messageerror', (error) => this.#lost(error))
    this.#thread.on('error', (error) => this.#lost(error))
    this.#thread.on('exit', (code) => this.#lost(new Error(`the thread ended with ${code}`)))
    this.#ready = this.#nextWord()
  }

  async compile(job: CompileJob): Promise<CompileOutcome> {
    const { startMs, compileMs } = this.#options
    const first = await this.#within(startMs, this.#ready)
    if (first instanceof Error) return { error: first }
    const next = this.#nextWord()
    this.#send(job).catch((error: Error) => this.#lost(error))
    const answer = await this.#within(compileMs, next)
    if (answer instanceof Error) return { error: answer }
    invariant(answer !== READY, 'a thread is ready once')
    if (answer.isSpent || answer.memoryBytes > this.#options.keptBytes) this.isUsable = false
    return 'plan' in answer ? { plan: unpackPlan(answer.plan) } : { error: unpackError(answer.error) }
  }

  async stop(): Promise<void> {
    this.isUsable = false
    await this.#thread.terminate()
  }

  #nextWord(): Promise<Word> {
    return new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  async #within(limitMs: number, word: Promise<Word>): Promise<Word> {
    const limit = setTimeout(() => this.#give(`it takes longer than ${limitMs} ms`), limitMs)
    const said = await word
    clearTimeout(limit)
    return said
  }

  async #send({ text, context: { snapshot, policy, ...context }, tenants }: CompileJob): Promise<void> {
    if (this.#schema?.snapshot !== snapshot || this.#schema.policy !== policy) {
      this.#schema = { snapshot, policy }
      for (const message of packSchema(snapshot, policy)) {
        this.#post(message)
        await setImmediate()
      }
    }
    const own = new Uint8Array(text)
    this.#post({ kind: 'compile', text: own, context, tenants }, own.buffer)
  }

  #post(request: ThreadRequest, ...transferred: ArrayBuffer[]): void {
    this.#thread.postMessage(request, transferred)
  }

  #lost(error: Error & { readonly code?: string }): void {
    const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    this.#give(isMemory ? 'it needs too much memory' : 'its thread ended', error)
  }

  /** The thread can't be asked again: whatever it still does is nobody's. */
  #give(reason: string, cause?: Error): void {
    this.isUsable = false
    this.#settle(new GatewayError('STATEMENT_TOO_COSTLY', { reason }, cause === undefined ? {} : { cause }))
  }
}
