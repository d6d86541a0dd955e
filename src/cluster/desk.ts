import type { Counters } from '../limits/counters.js'
import { Occupancy } from '../limits/occupancy.js'
import type { Permit } from '../limits/permits.js'
import type { ToPrimary, ToWorker } from './messages.js'

type Send = (message: ToWorker) => void

/** Where one worker asks for what is counted; what it has is given back when it ends, however it ends. */
export class Desk {
  readonly #counters: Counters
  readonly #send: Send
  readonly #entered = new Occupancy()
  readonly #permits = new Map<number, Permit>()
  #isClosed = false

  constructor(counters: Counters, send: Send) {
    this.#counters = counters
    this.#send = send
  }

  told(message: ToPrimary): void {
    switch (message.kind) {
      case 'enter':
        void this.#enter(message)
        return
      case 'leave':
        this.#leave(message.key)
        return
      case 'permit':
        this.#permit(message)
        return
      case 'give-back':
        this.#giveBack(message.id)
        return
      case 'borrow':
        this.#lend(message)
        return
      default:
      // the rest isn't counted
    }
  }

  close(): void {
    this.#isClosed = true
    for (const key of this.#entered.keys()) while (this.#entered.of(key) > 0) this.#leave(key)
    for (const id of [...this.#permits.keys()]) this.#giveBack(id)
  }

  async #enter({ id, key, limit }: Extract<ToPrimary, { kind: 'enter' }>): Promise<void> {
    const admitted = await this.#counters.connections.enter(key, limit)
    if (admitted) this.#entered.enter(key, 0)
    this.#send({ kind: 'entered', id, admitted })
    // the worker may have ended meanwhile
    if (admitted && this.#isClosed) this.#leave(key)
  }

  #leave(key: string): void {
    if (this.#entered.of(key) === 0) return
    this.#entered.leave(key)
    this.#counters.connections.leave(key)
  }

  #permit({ id, key, limit }: Extract<ToPrimary, { kind: 'permit' }>): void {
    const permit = { key, limit, granted: () => this.#send({ kind: 'granted', id }) }
    this.#permits.set(id, permit)
    this.#counters.permits.ask(permit)
  }

  #giveBack(id: number): void {
    const permit = this.#permits.get(id)
    if (permit === undefined) return
    this.#permits.delete(id)
    this.#counters.permits.giveBack(permit)
  }

  #lend({ id, account, perSecond, wanted }: Extract<ToPrimary, { kind: 'borrow' }>): void {
    void this.#counters
      .borrow(account, perSecond, wanted)
      .then((loan) => this.#send({ kind: 'tokens', id, loan }))
  }
}
