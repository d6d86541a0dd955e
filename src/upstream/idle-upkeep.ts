import { HealthCheck } from './health-check.js'
import type { Idle, IdleConnections } from './idle-connections.js'

/** Units: ms; 0: never. */
export interface IdleTimes {
  /** An unused connection is closed. */
  readonly idleTimeoutMs: number
  /** An unused connection is asked whether the server is still there, and again after as long. */
  readonly healthCheckMs: number
}

/** Looks after connections that nobody uses: which of them have to go, and whether the others are alive. */
export class IdleUpkeep {
  readonly #idle: IdleConnections
  readonly #times: IdleTimes
  #checkedMs = 0

  constructor(idle: IdleConnections, times: IdleTimes) {
    this.#idle = idle
    this.#times = times
  }

  /** Those that were idle for long enough, or may not be used any longer. */
  due(nowMs: number): readonly Idle[] {
    const { idleTimeoutMs } = this.#times
    return [...this.#idle].filter(
      ({ connection, sinceMs }) =>
        connection.expiresMs <= nowMs || (idleTimeoutMs > 0 && nowMs - sinceMs > idleTimeoutMs),
    )
  }

  /** A connection whose other end is gone without a word would be found out by the next client's statement. */
  check(nowMs: number): void {
    const { healthCheckMs } = this.#times
    if (healthCheckMs === 0 || nowMs - this.#checkedMs < healthCheckMs) return
    this.#checkedMs = nowMs
    for (const { connection, sinceMs } of this.#idle)
      if (nowMs - sinceMs >= healthCheckMs && connection.replies.length === 0) HealthCheck.start(connection)
  }
}
