import type { Permit, PermitSource } from '../limits/permits.js'
import type { ToPrimary, ToWorker } from './messages.js'

/** A worker's permits: the primary process gives them. */
export class RemotePermits implements PermitSource {
  readonly #send: (message: ToPrimary) => void
  /** Those that are asked for or held. */
  readonly #permits = new Map<number, Permit>()
  readonly #ids = new Map<Permit, number>()
  #last = 0

  constructor(send: (message: ToPrimary) => void) {
    this.#send = send
  }

  ask(permit: Permit): void {
    this.#last += 1
    this.#permits.set(this.#last, permit)
    this.#ids.set(permit, this.#last)
    this.#send({ kind: 'permit', id: this.#last, key: permit.key, limit: permit.limit })
  }

  giveBack(permit: Permit): void {
    const id = this.#ids.get(permit)
    if (id === undefined) return
    this.#ids.delete(permit)
    this.#permits.delete(id)
    this.#send({ kind: 'give-back', id })
  }

  /** Who has gone meanwhile has given it back already. */
  told(message: ToWorker): void {
    if (message.kind === 'granted') this.#permits.get(message.id)?.granted()
  }
}
