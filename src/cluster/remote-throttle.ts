import { Throttle, type ThrottleOptions } from '../auth/throttle.js'
import type { LoginAttempt } from './messages.js'

/** A throttle that tells of what it is told: guessing isn't faster because several processes can be asked. */
export class RemoteThrottle extends Throttle {
  readonly #tell: (attempt: LoginAttempt) => void

  constructor(options: ThrottleOptions, tell: (attempt: LoginAttempt) => void) {
    super(options)
    this.#tell = tell
  }

  override failed(login: string, address: string): void {
    super.failed(login, address)
    this.#tell({ outcome: 'failed', login, address })
  }

  override succeeded(login: string, address: string): void {
    // most logins never failed: nobody has to know of them
    if (this.remembers(login, address)) this.#tell({ outcome: 'succeeded', login, address })
    super.succeeded(login, address)
  }

  /** What another process was told. */
  told({ outcome, login, address }: LoginAttempt): void {
    if (outcome === 'failed') super.failed(login, address)
    else super.succeeded(login, address)
  }
}
