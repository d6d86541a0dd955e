import type { OperatorTimes } from '../../upstream/operator-connections.js'

export interface TimedSession {
  /** Waiting for its client. */
  readonly isWaiting: boolean
  expire(reason: 'IDLE_TIMEOUT' | 'SESSION_EXPIRED'): void
}

/** Ends a session that its client has forgotten, or that has been there for too long. */
export class TimeLimits {
  readonly #idle: NodeJS.Timeout | null
  readonly #life: NodeJS.Timeout | null

  constructor({ idleTimeoutMs, lifetimeMs }: OperatorTimes, session: TimedSession) {
    this.#idle = timer(idleTimeoutMs, () => {
      if (session.isWaiting) session.expire('IDLE_TIMEOUT')
      else this.touch()
    })
    this.#life = timer(lifetimeMs, () => session.expire('SESSION_EXPIRED'))
  }

  /** Something was said: the wait begins anew. */
  touch(): void {
    this.#idle?.refresh()
  }

  stop(): void {
    clearTimeout(this.#idle ?? undefined)
    clearTimeout(this.#life ?? undefined)
  }
}

function timer(ms: number, end: () => void): NodeJS.Timeout | null {
  return ms === 0 ? null : setTimeout(end, ms).unref()
}
