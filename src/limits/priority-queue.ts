/** What can stand in a `PriorityQueue`; the queue alone writes `place`. */
export interface Prioritized {
  /** The least is first; among equals, the least `order`. */
  readonly key: number
  readonly order: number
  /** In the heap; -1 while it stands in none. */
  place: number
}

/** A binary heap whose members may change their key, and leave from anywhere. */
export class PriorityQueue<T extends Prioritized> {
  readonly #heap: T[] = []

  get first(): T | undefined {
    return this.#heap[0]
  }

  /** Puts a member where its key says, whether it was in or not. */
  place(member: T): void {
    if (member.place < 0) {
      member.place = this.#heap.length
      this.#heap.push(member)
    }
    this.#rise(member)
    this.#sink(member)
  }

  delete(member: T): void {
    const { place } = member
    if (place < 0) return
    member.place = -1
    const last = this.#heap.pop()
    if (last === undefined || last === member) return
    last.place = place
    this.#heap[place] = last
    this.place(last)
  }

  #rise(member: T): void {
    while (member.place > 0) {
      const parent = this.#heap[(member.place - 1) >> 1]
      if (parent === undefined || isBefore(parent, member)) return
      this.#swap(parent, member)
    }
  }

  #sink(member: T): void {
    for (let child = this.#lesserChild(member.place); child !== undefined; ) {
      if (isBefore(member, child)) return
      this.#swap(member, child)
      child = this.#lesserChild(member.place)
    }
  }

  #lesserChild(place: number): T | undefined {
    const left = this.#heap[2 * place + 1]
    const right = this.#heap[2 * place + 2]
    return left !== undefined && right !== undefined && isBefore(right, left) ? right : left
  }

  /** `upper` is the parent. */
  #swap(upper: T, lower: T): void {
    const place = upper.place
    upper.place = lower.place
    lower.place = place
    this.#heap[upper.place] = upper
    this.#heap[place] = lower
  }
}

function isBefore(one: Prioritized, other: Prioritized): boolean {
  return one.key < other.key || (one.key === other.key && one.order < other.order)
}
