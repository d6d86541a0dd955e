/** Somebody whose message hasn't come as a whole. */
export interface Sender {
  /** What it has sent is to be forgotten, and it is to go. */
  giveUp(): void
}

/** Smaller ones don't count: all clients together can't have much of them. */
const SMALL_BYTES = 65_536

/**
 * The memory that clients' unfinished messages take up, those of all sessions of a process together.
 *
 * Where it is too much, whoever takes up most has to go: those who send what is usual never notice.
 */
export class UnfinishedMessages {
  readonly #maxBytes: number
  readonly #held = new Map<Sender, number>()
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** So much of its message is there now; 0 when it is over. */
  note(sender: Sender, bytes: number): void {
    const before = this.#held.get(sender) ?? 0
    const now = bytes > SMALL_BYTES ? bytes : 0
    if (before === now) return
    this.#bytes += now - before
    if (now === 0) this.#held.delete(sender)
    else this.#held.set(sender, now)
    while (this.#bytes > this.#maxBytes) this.#dismiss()
  }

  #dismiss(): void {
    const [largest] = [...this.#held].reduce((most, each) => (each[1] > most[1] ? each : most))
    this.note(largest, 0)
    largest.giveUp()
  }
}
