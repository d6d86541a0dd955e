import type { Worker } from 'node:cluster'
import type { MetricsSnapshot } from '../metrics/metrics.js'
import type { Desk } from './desk.js'
import type { ToPrimary, ToWorker } from './messages.js'
import { Questions } from './questions.js'

/** What the primary process does for its workers. */
export interface WorkerEvents {
  /** Everything but what is counted, and answers. */
  told(worker: WorkerHandle, message: ToPrimary): void
  /** It has ended, whatever the reason; the last that was known of what it counted. */
  ended(worker: WorkerHandle, metrics: MetricsSnapshot): void
}

/** How a worker's start ended. */
export type StartOutcome =
  | { readonly port: number }
  | { readonly message: string; readonly code: string | null }

/** One worker process as the primary process sees it. */
export class WorkerHandle {
  /** Why it can't reach the database server; null where it can. */
  failure: string | null = null
  readonly started: Promise<StartOutcome>
  readonly ended: Promise<void>
  isServing = false
  isStopping = false
  /** What is said to it before is lost. */
  #isListening = false
  readonly #worker: Worker
  readonly #metrics = new Questions<MetricsSnapshot>()
  readonly #syncs = new Questions<null>()
  #lastMetrics: MetricsSnapshot = []
  #settle: (outcome: StartOutcome) => void = () => {}

  constructor(worker: Worker, openDesk: (send: (message: ToWorker) => void) => Desk, events: WorkerEvents) {
    this.#worker = worker
    this.started = new Promise((resolve) => {
      this.#settle = resolve
    })
    const desk = openDesk((message) => this.send(message))
    worker.on('message', (message: ToPrimary) => {
      desk.told(message)
      this.#told(message)
      events.told(this, message)
    })
    // a message for a process that has just ended
    worker.on('error', () => {})
    this.ended = new Promise((resolve) => {
      worker.once('exit', (code, signal) => {
        this.isServing = false
        this.#settle({ message: `a worker process ended (${signal ?? code})`, code: null })
        this.#metrics.answerAll(this.#lastMetrics)
        this.#syncs.answerAll(null)
        desk.close()
        events.ended(this, this.#lastMetrics)
        resolve()
      })
    })
  }

  get pid(): number {
    return this.#worker.process.pid ?? 0
  }

  send(message: ToWorker): void {
    if (this.#canHear) this.#worker.send(message)
  }

  /** Resolves with the last that is known where the process ends meanwhile. */
  async metrics(): Promise<MetricsSnapshot> {
    if (this.#canHear)
      this.#lastMetrics = await this.#metrics.ask((id) => this.send({ kind: 'ask-metrics', id }))
    return this.#lastMetrics
  }

  /** Resolves when everything that was said before is in force. */
  async synced(): Promise<void> {
    if (this.#canHear) await this.#syncs.ask((id) => this.send({ kind: 'ask-synced', id }))
  }

  /** Resolves when the process has ended; one that doesn't end by itself is ended. */
  async stop(graceMs: number): Promise<void> {
    this.isStopping = true
    this.isServing = false
    if (!this.#isListening) this.#worker.process.kill('SIGKILL')
    this.send({ kind: 'stop', graceMs })
    const limit = setTimeout(() => this.#worker.process.kill('SIGKILL'), graceMs + KILL_MS)
    await this.ended
    clearTimeout(limit)
  }

  get #canHear(): boolean {
    return this.#isListening && this.#worker.isConnected()
  }

  #told(message: ToPrimary): void {
    switch (message.kind) {
      case 'listening':
        this.#isListening = true
        return
      case 'serving':
        this.isServing = true
        this.#settle({ port: message.port })
        return
      case 'failed':
        this.#settle({ message: message.message, code: message.code })
        return
      case 'upstream':
        this.failure = message.failure
        return
      case 'metrics':
        this.#metrics.answer(message.id, message.metrics)
        return
      case 'farewell':
        this.#lastMetrics = message.metrics
        return
      case 'synced':
        this.#syncs.answer(message.id, null)
        return
      default:
      // the rest is for the desk, or for the other workers
    }
  }
}

/** Beyond the grace period: what is left to do is done in a moment, or never. */
const KILL_MS = 10_000
