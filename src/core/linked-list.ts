/** A value's place in a list, by which it is taken out again. */
export interface Link<T> {
  readonly value: T
}

interface Node<T> extends Link<T> {
  before: Node<T> | null
  after: Node<T> | null
  list: LinkedList<T> | null
}

/** Values in order; adding and taking out cost the same however many there are. */
export class LinkedList<T> {
  #first: Node<T> | null = null
  #last: Node<T> | null = null
  #length = 0

  get length(): number {
    return this.#length
  }

  get first(): T | undefined {
    return this.#first?.value
  }

  get last(): T | undefined {
    return this.#last?.value
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (let node = this.#first; node !== null; node = node.after) yield node.value
  }

  push(value: T): Link<T> {
    const node: Node<T> = { value, before: this.#last, after: null, list: this }
    if (this.#last === null) this.#first = node
    else this.#last.after = node
    this.#last = node
    this.#length += 1
    return node
  }

  /** A link that isn't in the list any more is left alone. */
  delete(link: Link<T>): void {
    const node = link as Node<T>
    if (node.list !== this) return
    node.list = null
    if (node.before === null) this.#first = node.after
    else node.before.after = node.after
    if (node.after === null) this.#last = node.before
    else node.after.before = node.before
    this.#length -= 1
  }
}
