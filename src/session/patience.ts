/**
 * How long a statement waits for its client, to take rows or to send those of a COPY, before the session is ended.
 *
 * PostgreSQL waits for ever, and its statement_timeout with it: a backend that writes to a client or reads from one looks at
 * nothing else. Through a pool it is other clients' connection that waits.
 */
export class Patience {
  #timer: NodeJS.Timeout | null = null
  readonly #expired: () => void

  constructor(expired: () => void) {
    this.#expired = expired
  }

  /** Begins the wait, unless it has begun. Units: ms; 0: it has no end. */
  begin(limitMs: number): void {
    if (limitMs > 0) this.#timer ??= setTimeout(this.#expired, limitMs).unref()
  }

  /** The client has done something: if there is a wait, it begins anew. */
  moved(): void {
    this.#timer?.refresh()
  }

  end(): void {
    clearTimeout(this.#timer ?? undefined)
    this.#timer = null
  }
}
