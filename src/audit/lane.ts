import type { AuditRecord } from './record.js'
import type { AuditSink } from './sink.js'

/** What became of a number of records; `failed` is one attempt, the records are still in the queue. */
export type LaneOutcome = 'written' | 'failed' | 'dropped'

export interface LaneOptions {
  readonly sink: AuditSink
  /** Records that may wait; what comes on top is dropped and counted. */
  readonly capacity: number
  readonly batchSize: number
  /** How often a batch is offered to a failing sink before it is dropped. */
  readonly attempts: number
  /** Units: ms between two attempts. */
  readonly retryMs: number
  readonly observe: (outcome: LaneOutcome, records: number, error: unknown) => void
}

/** The bounded queue in front of one sink: a slow or broken sink costs its own records and nobody else's. */
export class Lane {
  readonly #options: LaneOptions
  #queue: AuditRecord[] = []
  #draining: Promise<void> | null = null
  #wake: (() => void) | null = null
  #stopped = false

  constructor(options: LaneOptions) {
    this.#options = options
  }

  /** False where it was dropped. */
  push(record: AuditRecord): boolean {
    if (this.#stopped || this.#queue.length >= this.#options.capacity) {
      this.#options.observe('dropped', 1, null)
      return false
    }
    this.#queue.push(record)
    this.#draining ??= this.#drain()
    return true
  }

  /** Writes what waits, without pauses between attempts, for at most `graceMs`; the rest is dropped and counted. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true
    this.#wake?.()
    await within(graceMs, this.#draining ?? Promise.resolve())
    if (this.#queue.length > 0) this.#options.observe('dropped', this.#queue.length, null)
    this.#queue = []
    await within(graceMs, this.#options.sink.close()).catch((error: unknown) =>
      this.#options.observe('failed', 0, error),
    )
  }

  async #drain(): Promise<void> {
    // the caller of push goes on first: no sink's code runs inside record()
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, this.#options.batchSize)
      const written = await this.#offer(batch)
      // stop() may have emptied the queue, and counted it, while the sink hung
      if (this.#queue[0] !== batch[0]) break
      this.#queue.splice(0, batch.length)
      this.#options.observe(written ? 'written' : 'dropped', batch.length, null)
    }
    this.#draining = null
  }

  async #offer(batch: readonly AuditRecord[]): Promise<boolean> {
    for (let attempt = 1; attempt <= this.#options.attempts; attempt++) {
      if (attempt > 1) await this.#pause()
      try {
        await this.#options.sink.write(batch)
        return true
      } catch (error) {
        this.#options.observe('failed', batch.length, error)
      }
    }
    return false
  }

  #pause(): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#options.retryMs)
      timer.unref()
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs)
  })
  try {
    await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}
