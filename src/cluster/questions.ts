/** Questions that wait for their answers. */
export class Questions<A> {
  readonly #waiting = new Map<number, (answer: A) => void>()
  #last = 0

  /** `send` gets the number by which the answer comes back. */
  ask(send: (id: number) => void): Promise<A> {
    this.#last += 1
    const id = this.#last
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      send(id)
    })
  }

  /** An answer that nobody waits for is ignored. */
  answer(id: number, answer: A): void {
    const resolve = this.#waiting.get(id)
    this.#waiting.delete(id)
    resolve?.(answer)
  }

  /** Nobody will answer any more. */
  answerAll(answer: A): void {
    for (const resolve of this.#waiting.values()) resolve(answer)
    this.#waiting.clear()
  }
}
