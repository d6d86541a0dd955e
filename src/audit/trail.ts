import type { Clock } from '../core/clock.js'
import type { AuditEvent, AuditTrail } from './event.js'
import { Lane, type LaneOutcome } from './lane.js'
import { toRecord } from './record.js'
import type { AuditSink } from './sink.js'

export interface TrailOptions {
  readonly sinks: readonly AuditSink[]
  readonly clock: Clock
  /** Told what became of records, per sink; must not throw. */
  readonly observe: (sink: string, outcome: LaneOutcome, records: number, error: unknown) => void
  /** Records that may wait in front of each sink; default 10,000. */
  readonly capacity?: number
  /** Units: ms between two attempts on a failing sink; default 1,000. */
  readonly retryMs?: number
}

const DEFAULT_CAPACITY = 10_000
const DEFAULT_RETRY_MS = 1_000
const BATCH_SIZE = 500
const ATTEMPTS = 10

/**
 * The audit trail: a bounded queue in front of each sink.
 *
 * `record` returns at once whatever the sinks do. What doesn't fit is dropped and counted rather than
 * held: an attacker who provokes refusals must not be able to fill the memory or to slow the others down.
 */
export class QueuedTrail implements AuditTrail {
  readonly #clock: Clock
  readonly #lanes: readonly Lane[]

  constructor(options: TrailOptions) {
    this.#clock = options.clock
    this.#lanes = options.sinks.map(
      (sink) =>
        new Lane({
          sink,
          capacity: options.capacity ?? DEFAULT_CAPACITY,
          batchSize: BATCH_SIZE,
          attempts: ATTEMPTS,
          retryMs: options.retryMs ?? DEFAULT_RETRY_MS,
          observe: (outcome, records, error) => options.observe(sink.name, outcome, records, error),
        }),
    )
  }

  record(event: AuditEvent): boolean {
    const record = toRecord(event, this.#clock.now())
    let isTaken = true
    for (const lane of this.#lanes) isTaken = lane.push(record) && isTaken
    return isTaken
  }

  /** Units: `graceMs` is how long each sink has for what still waits. */
  async stop(graceMs: number): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.stop(graceMs)))
  }
}
