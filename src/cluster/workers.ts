import cluster from 'node:cluster'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { packSchema } from '../compiling/schema-transfer.js'
import type { OwnFoundation } from '../composition/foundation.js'
import type { Configuration } from '../config/schema.js'
import { SystemClock } from '../core/clock.js'
import type { ProgramEntry } from '../core/program-entry.js'
import type { Metrics, MetricsSnapshot } from '../metrics/metrics.js'
import { Desk } from './desk.js'
import type { ToPrimary, ToWorker } from './messages.js'
import { Respawn } from './respawn.js'
import { type WorkerEvents, WorkerHandle } from './worker-handle.js'

export const WORKER_ENTRY: ProgramEntry = { url: new URL('./worker-process.js', import.meta.url) }

export interface WorkersOptions {
  /** The workers' own: shares of what is counted by each alone. */
  readonly configuration: Configuration
  readonly foundation: OwnFoundation
  readonly entry: ProgramEntry
  readonly metrics: Metrics
  readonly logger: Logger
  /** Told of each worker that has ended, with what it had counted. */
  readonly retired: (metrics: MetricsSnapshot) => void
}

/** The worker processes: started, told what changes, replaced when they end. */
export class Workers implements WorkerEvents {
  readonly #options: WorkersOptions
  readonly #alive = new Set<WorkerHandle>()
  readonly #respawn: Respawn
  #configuration: Configuration
  #isStopping = false
  /** While they are replaced: who asks meanwhile waits for the same. */
  #replacing: Promise<void> | null = null

  constructor(options: WorkersOptions) {
    this.#options = options
    this.#configuration = options.configuration
    this.#respawn = new Respawn(SystemClock, () => void this.#replaceLost())
    const { url, execArgv } = options.entry
    cluster.setupPrimary({
      exec: fileURLToPath(url),
      args: [],
      serialization: 'advanced',
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    })
    const { catalog, snapshot } = options.foundation.controlPlane
    catalog.subscribe((value) => this.tell({ kind: 'catalog', catalog: value }))
    snapshot.subscribe(() => {
      for (const worker of this.#alive) this.#sendSchema(worker)
    })
  }

  get alive(): readonly WorkerHandle[] {
    return [...this.#alive]
  }

  get serving(): number {
    return this.alive.filter(({ isServing }) => isServing).length
  }

  /** Starts all of them; gives the port. Rejects where one of them can't serve. */
  async start(): Promise<number> {
    const handles = Array.from({ length: this.#configuration.workers }, () => this.#spawn())
    const outcomes = await Promise.all(handles.map(({ started }) => started))
    let port = 0
    for (const outcome of outcomes) {
      if (!('port' in outcome)) throw Object.assign(new Error(outcome.message), { code: outcome.code })
      port = outcome.port
    }
    return port
  }

  tell(message: ToWorker): void {
    for (const worker of this.#alive) worker.send(message)
  }

  reload(configuration: Configuration): void {
    this.#configuration = configuration
    this.tell({ kind: 'reload', configuration })
  }

  /** Resolves when everything that was said before is in force. */
  async synced(): Promise<void> {
    await Promise.all(this.alive.map((worker) => worker.synced()))
  }

  /** Puts a new process in the place of each, one after the other; the old one's sessions have the drain time to end. */
  replaceAll(graceMs: number): Promise<void> {
    this.#replacing ??= this.#replaceEach(graceMs).finally(() => {
      this.#replacing = null
    })
    return this.#replacing
  }

  /** May be called again while it is under way, to give less time. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true
    this.#respawn.stop()
    await Promise.all(this.alive.map((worker) => worker.stop(graceMs)))
  }

  told(worker: WorkerHandle, message: ToPrimary): void {
    const { controlPlane } = this.#options.foundation
    if (message.kind === 'listening') this.#begin(worker)
    if (message.kind === 'schema-changed') controlPlane.schemaChanged()
    if (message.kind === 'cancel' || message.kind === 'attempt')
      for (const other of this.#alive) if (other !== worker) other.send(message)
  }

  ended(worker: WorkerHandle, metrics: MetricsSnapshot): void {
    this.#alive.delete(worker)
    this.#options.retired(metrics)
    if (worker.isStopping || this.#isStopping) return
    this.#options.metrics.workerLost()
    this.#options.logger.error({ pid: worker.pid }, 'a worker process ended; it is replaced')
    this.#respawn.lost()
  }

  #spawn(): WorkerHandle {
    const { counters } = this.#options.foundation
    const worker = new WorkerHandle(cluster.fork(), (send) => new Desk(counters, send), this)
    this.#alive.add(worker)
    return worker
  }

  async #replaceEach(graceMs: number): Promise<void> {
    for (const old of this.alive) {
      if (this.#isStopping) return
      const outcome = await this.#spawn().started
      if (!('port' in outcome)) {
        this.#options.logger.error({ reason: outcome.message }, 'a worker process could not be replaced')
        return
      }
      await old.stop(graceMs)
    }
  }

  #begin(worker: WorkerHandle): void {
    const { catalog } = this.#options.foundation.controlPlane
    const { level: logLevel } = this.#options.logger
    worker.send({ kind: 'start', configuration: this.#configuration, catalog: catalog.value, logLevel })
    this.#sendSchema(worker)
  }

  async #replaceLost(): Promise<void> {
    if (this.#isStopping) return
    const outcome = await this.#spawn().started
    if ('port' in outcome) this.#respawn.served()
  }

  #sendSchema(worker: WorkerHandle): void {
    const { controlPlane, policy } = this.#options.foundation
    for (const part of packSchema(controlPlane.snapshot.value, policy.value))
      worker.send({ kind: 'schema', part })
    worker.send({ kind: 'schema-complete' })
  }
}
