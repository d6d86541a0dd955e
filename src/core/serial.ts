/**
 * Runs one task at a time; calls that come meanwhile are answered by one run that starts afterwards.
 *
 * A run that has begun may have read the old state already, so joining it would lose the change that the call is about.
 */
export class Serial {
  readonly #task: () => Promise<void>
  #running: Promise<void> | null = null
  #next: Promise<void> | null = null

  constructor(task: () => Promise<void>) {
    this.#task = task
  }

  run(): Promise<void> {
    if (this.#running === null) return this.#start()
    this.#next ??= this.#running.then(
      () => this.#startNext(),
      () => this.#startNext(),
    )
    return this.#next
  }

  #startNext(): Promise<void> {
    this.#next = null
    return this.#start()
  }

  #start(): Promise<void> {
    const running = this.#task().finally(() => {
      if (this.#running === running) this.#running = null
    })
    this.#running = running
    return running
  }
}
