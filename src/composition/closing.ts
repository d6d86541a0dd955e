/** What undoes the steps of a start, the last one first. */
export class Closing {
  readonly #steps: (() => unknown)[] = []

  add(step: () => unknown): void {
    this.#steps.push(step)
  }

  /** Each step runs once, however often it is called. */
  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) await step()
  }
}

/** Opens something that consists of parts; where one of them can't be had, the others are closed again. */
export async function opened<T>(open: (closing: Closing) => Promise<T>): Promise<T> {
  const closing = new Closing()
  try {
    return await open(closing)
  } catch (error) {
    await closing.run()
    throw error
  }
}
