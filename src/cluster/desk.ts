import type { Borrow } from '../limits/borrowed-tokens.js'
import { Occupancy } from '../limits/occupancy.js'
import { type Permit, Permits } from '../limits/permits.js'
import type { ToPrimary, ToWorker } from './messages.js'

type Send = (message: ToWorker) => void

/** What counts for all workers together, kept by the primary process. */
export class Counters {
  readonly connections = new Occupancy()
  readonly permits = new Permits()
  readonly borrow: Borrow

  constructor(borrow: Borrow) {
    this.borrow = borrow
  }
}

/** Where one worker asks for what is counted; what it has is given back when it ends, however it ends. */
export class Desk {
  readonly #counters: Counters
  readonly #send: Send
  readonly #entered = new Occupancy()
  readonly #permits = new Map<number, Permit>()

  constructor(counters: Counters, send: Send) {
    this.#counters = counters
    this.#send = send
  }

  told(message: ToPrimary): void {
    switch (message.kind) {
      case 'enter':
        this.#enter(message)
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
    for (const key of this.#entered.keys()) while (this.#entered.of(key) > 0) this.#leave(key)
    for (const id of [...this.#permits.keys()]) this.#giveBack(id)
  }

  #enter({ id, key, limit }: Extract<ToPrimary, { kind: 'enter' }>): void {
    const admitted = this.#counters.connections.enter(key, limit)
    if (admitted) this.#entered.enter(key, 0)
    this.#send({ kind: 'entered', id, admitted })
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
