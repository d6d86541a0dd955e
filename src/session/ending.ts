import type { GatewayError } from '../core/errors.js'

/** When a session ends that is told to: at once where no transaction is open, else with its next message, or with the transaction. */
export type Urgency = 'message' | 'transaction'

/** Why a session has been told to end. */
export class Ending {
  #reason: GatewayError | null = null
  #urgency: Urgency = 'transaction'

  get isOrdered(): boolean {
    return this.#reason !== null
  }

  /** A later order counts, unless it is less urgent. */
  order(reason: GatewayError, urgency: Urgency): void {
    if (this.#reason !== null && this.#urgency === 'message' && urgency === 'transaction') return
    this.#reason = reason
    this.#urgency = urgency
  }

  /** What to tell the client as its last word now, before its message is looked at; null: it goes on. */
  due(isIdle: boolean): GatewayError | null {
    return isIdle || this.#urgency === 'message' ? this.#reason : null
  }
}
