/**
 * Whether the server's unnamed portal is one that the client has bound.
 *
 * A simple Query takes the unnamed portal for itself. Where it fails in a transaction PostgreSQL leaves a portal whose statements
 * are freed, and an Execute of that may end the whole server, for every tenant (seen on 18; exec_execute_message looks at
 * `portal->stmts`). So no server is ever asked to execute an unnamed portal that wasn't bound since.
 */
export class UnnamedPortal {
  /** Counts the simple queries that were sent. */
  #queries = 0
  /** After how many of them a Bind was sent last, and in which cycle. */
  #sentAfter = -1
  #sentIn = -1
  /** After how many of them one has succeeded. */
  #boundAfter = -1

  querying(): void {
    this.#queries += 1
  }

  /** Gives what `bound` wants to know. */
  binding(cycle: number): number {
    this.#sentAfter = this.#queries
    this.#sentIn = cycle
    return this.#queries
  }

  bound(after: number): void {
    this.#boundAfter = after
  }

  /** Whether it may be executed now: behind a Bind of the same cycle the server skips what relies on it, if that fails. */
  isBound(cycle: number): boolean {
    if (this.#boundAfter === this.#queries) return true
    return this.#sentAfter === this.#queries && this.#sentIn === cycle
  }

  /** Whether a Bind may still succeed whose answer hasn't come. */
  get isExpected(): boolean {
    return this.#sentAfter === this.#queries && this.#boundAfter !== this.#queries
  }
}
