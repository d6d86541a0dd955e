import type { GatewayError } from '../core/errors.js'

/** When a session ends that is told to: at once where no transaction is open, else with its next message, or with the transaction. */
export type Patience = 'message' | 'transaction'

/** Why a session has been told to end. */
export class Ending {
  #reason: GatewayError | null = null
  #patience: Patience = 'transaction'

  get isOrdered(): boolean {
    return this.#reason !== null
  }

  /** A later order counts, unless it has more patience. */
  order(reason: GatewayError, patience: Patience): void {
    if (this.#reason !== null && this.#patience === 'message' && patience === 'transaction') return
    this.#reason = reason
    this.#patience = patience
  }

  /** What to tell the client as its last word now, before its message is looked at; null: it goes on. */
  due(isIdle: boolean): GatewayError | null {
    return isIdle || this.#patience === 'message' ? this.#reason : null
  }
}
