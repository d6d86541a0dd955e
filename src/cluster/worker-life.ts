import type { Logger } from 'pino'
import { opened } from '../composition/closing.js'
import { openServing, type Serving } from '../composition/serving.js'
import { openTls } from '../composition/tls.js'
import type { Configuration } from '../config/schema.js'
import { createMetrics, type Metrics } from '../metrics/metrics.js'
import { loadParser } from '../sql/parser.js'
import type { ToPrimary, ToWorker } from './messages.js'
import { RemoteFoundation } from './remote-foundation.js'

export interface WorkerLifeOptions {
  readonly logger: Logger
  /** `sent` is called when the message has left. */
  readonly send: (message: ToPrimary, sent?: () => void) => void
  /** Ends the process. */
  readonly leave: () => void
}

/** How often to look whether the primary has to hear of the database server. */
const LOOK_MS = 500

/** A worker from its first message to its last; gives what takes the primary's messages. */
export function workerLife(options: WorkerLifeOptions): (message: ToWorker) => void {
  const { send } = options
  let worker: Worker | null = null
  return (message) => {
    if (message.kind === 'start') {
      const { configuration, catalog, logLevel } = message
      options.logger.level = logLevel
      const foundation = new RemoteFoundation({ configuration, catalog, send })
      worker = new Worker(options, configuration, foundation)
    } else worker?.told(message)
  }
}

class Worker {
  readonly #options: WorkerLifeOptions
  readonly #configuration: Configuration
  readonly #foundation: RemoteFoundation
  readonly #metrics: Metrics = createMetrics({ process: true })
  #serving: Promise<Serving | null> | null = null
  #failure: string | null = null

  constructor(options: WorkerLifeOptions, configuration: Configuration, foundation: RemoteFoundation) {
    this.#options = options
    this.#configuration = configuration
    this.#foundation = foundation
  }

  told(message: ToWorker): void {
    this.#foundation.told(message)
    switch (message.kind) {
      case 'schema-complete':
        this.#serving ??= this.#serve()
        return
      case 'reload':
        void this.#serving?.then((serving) => serving?.reloadCertificates())
        return
      case 'cancel':
        void this.#serving?.then((serving) => serving?.cancel(message.key))
        return
      case 'ask-metrics':
        void this.#metrics
          .collect()
          .then((metrics) => this.#send({ kind: 'metrics', id: message.id, metrics }))
        return
      case 'ask-synced':
        this.#send({ kind: 'synced', id: message.id })
        return
      case 'stop':
        void this.#stop(message.graceMs)
        return
      default:
      // the rest is the foundation's
    }
  }

  #send(message: ToPrimary): void {
    this.#options.send(message)
  }

  async #serve(): Promise<Serving | null> {
    try {
      await loadParser()
      const serving = await this.#open()
      this.#send({ kind: 'serving', port: serving.port })
      setInterval(() => this.#look(serving), LOOK_MS).unref()
      return serving
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : null
      const message = error instanceof Error ? error.message : String(error)
      this.#options.send({ kind: 'failed', message, code }, this.#options.leave)
      return null
    }
  }

  #open(): Promise<Serving> {
    const configuration = this.#configuration
    const { logger } = this.#options
    return opened(async (closing) => {
      const tls = await openTls(configuration, logger, closing)
      const [foundation, metrics] = [this.#foundation, this.#metrics]
      return openServing({ configuration, tls, foundation, metrics, logger, compileThread: undefined })
    })
  }

  #look({ failure }: Serving): void {
    if (failure === this.#failure) return
    this.#failure = failure
    this.#send({ kind: 'upstream', failure })
  }

  async #stop(graceMs: number): Promise<void> {
    const serving = await this.#serving
    await serving?.stop(graceMs)
    const metrics = await this.#metrics.collect()
    this.#options.send({ kind: 'farewell', metrics }, this.#options.leave)
  }
}
