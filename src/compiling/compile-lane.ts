import { GatewayError } from '../core/errors.js'
import type { CompiledText } from '../sql/compiled.js'
import type { CompileJob, CompileOutcome, CompileWorker } from './compile-worker.js'
import { FairQueue } from './fair-queue.js'

/** A text that somebody waits for. */
export interface CompileRequest extends CompileJob {
  /** Tenants take turns. */
  readonly tenant: string
  /** Asked when its turn has come: somebody else may have had the same text compiled meanwhile. */
  readonly known?: () => CompiledText | undefined
  /** Called once, later, unless the request is withdrawn. */
  readonly done: (outcome: CompileOutcome) => void
}

export interface CompileLaneOptions {
  /** A new thread, for when there is none or the last one has to be replaced. */
  readonly start: () => CompileWorker
  /** Requests of one tenant that may wait. */
  readonly maxWaiting: number
  /** Units: ms. */
  readonly waitMs: number
}

interface Waiting {
  readonly request: CompileRequest
  readonly limit: NodeJS.Timeout
  isWithdrawn: boolean
}

/** A queue of texts in front of one thread, which is started when it is needed. */
export class CompileLane {
  readonly #options: CompileLaneOptions
  readonly #queue = new FairQueue<Waiting>()
  #worker: CompileWorker | null = null
  #running: Promise<void> | null = null
  #stopped = false

  constructor(options: CompileLaneOptions) {
    this.#options = options
  }

  /**
   * Returns what withdraws the request.
   *
   * Throws   COMPILER_BUSY
   */
  request(request: CompileRequest): () => void {
    const { maxWaiting, waitMs } = this.#options
    const { tenant } = request
    if (this.#stopped || this.#queue.countOf(tenant) >= maxWaiting)
      throw new GatewayError('COMPILER_BUSY', {})
    const limit = setTimeout(() => {
      this.#withdraw(waiting)
      request.done({ error: new GatewayError('COMPILER_BUSY', {}) })
    }, waitMs)
    const waiting: Waiting = { request, limit, isWithdrawn: false }
    this.#queue.push(tenant, waiting)
    this.#running ??= this.#run()
    return () => this.#withdraw(waiting)
  }

  /** Whoever waits gets no answer any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (let waiting = this.#queue.shift(); waiting !== undefined; waiting = this.#queue.shift())
      this.#withdraw(waiting)
    await this.#worker?.stop()
    await this.#running
  }

  #withdraw(waiting: Waiting): void {
    waiting.isWithdrawn = true
    clearTimeout(waiting.limit)
    this.#queue.delete(waiting.request.tenant, waiting)
  }

  async #run(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      clearTimeout(next.limit)
      const outcome = await this.#compile(next.request)
      if (!next.isWithdrawn && !this.#stopped) next.request.done(outcome)
    }
    this.#running = null
  }

  async #compile({ known, ...job }: CompileRequest): Promise<CompileOutcome> {
    const plan = known?.()
    if (plan !== undefined) return { plan }
    const worker = this.#worker?.isUsable === true ? this.#worker : this.#options.start()
    this.#worker = worker
    const outcome = await worker.compile(job)
    if (worker.isUsable) return outcome
    this.#worker = null
    await worker.stop()
    return outcome
  }
}
