/** A value that others replace as a whole; whoever needs it reads `value` anew each time. */
export interface Current<T> {
  readonly value: T
  /** Calls the listener with every later value; the returned function ends that. A listener must not throw. */
  subscribe(listener: (value: T) => void): () => void
}

/** The writing end of a `Current`. */
export class Cell<T> implements Current<T> {
  #value: T
  readonly #listeners = new Set<(value: T) => void>()

  constructor(value: T) {
    this.#value = value
  }

  get value(): T {
    return this.#value
  }

  replace(value: T): void {
    this.#value = value
    for (const listener of [...this.#listeners]) listener(value)
  }

  subscribe(listener: (value: T) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
