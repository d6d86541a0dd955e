import type { Clock } from '../core/clock.js'
import { BorrowedTokens } from '../limits/borrowed-tokens.js'
import type { Quotas } from '../limits/quotas.js'
import type { Loan } from '../limits/rate-limits.js'
import type { ToPrimary, ToWorker } from './messages.js'
import { Questions } from './questions.js'

/** A worker's quotas: the primary process counts. */
export class RemoteQuotas implements Quotas {
  readonly #send: (message: ToPrimary) => void
  readonly #entries = new Questions<boolean>()
  readonly #loans = new Questions<Loan>()
  readonly #tokens: BorrowedTokens

  constructor(send: (message: ToPrimary) => void, clock: Clock) {
    this.#send = send
    this.#tokens = new BorrowedTokens(
      (account, perSecond, wanted) =>
        this.#loans.ask((id) => send({ kind: 'borrow', id, account, perSecond, wanted })),
      () => clock.monotonicMs(),
    )
  }

  enter(key: string, limit: number): Promise<boolean> {
    return this.#entries.ask((id) => this.#send({ kind: 'enter', id, key, limit }))
  }

  leave(key: string): void {
    this.#send({ kind: 'leave', key })
  }

  take(account: string, perSecond: number, wake: () => void): number | null {
    return this.#tokens.take(account, perSecond, wake)
  }

  told(message: ToWorker): void {
    if (message.kind === 'entered') this.#entries.answer(message.id, message.admitted)
    if (message.kind === 'tokens') this.#loans.answer(message.id, message.loan)
  }
}
