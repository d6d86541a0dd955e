import type { Edit, Hole, Piece } from './scope/edit.js'
import { FIRST_CHANNEL_HOLE, LIST_HOLE, ONE_HOLE, Template } from './template.js'

/** Applies edits to a text: those at one offset in the order they were made. */
export function splice(text: Buffer, edits: readonly Edit[]): Template {
  const splicing = new Splicing(text)
  for (const edit of [...edits].sort((a, b) => a.at - b.at)) splicing.apply(edit)
  return splicing.end()
}

class Splicing {
  readonly #text: Buffer
  readonly #runs: Buffer[] = []
  readonly #holes: number[] = []
  readonly #channels: string[] = []
  readonly #edits: number[] = []
  /** Up to where the text is dealt with. */
  #at = 0
  /** Bytes in the runs. */
  #fixed = 0

  constructor(text: Buffer) {
    this.#text = text
  }

  apply({ at, remove, pieces }: Edit): void {
    this.#push(this.#text.subarray(this.#at, at))
    this.#at = at + remove
    const before = { fixed: this.#fixed, holes: this.#holes.length / 2 }
    for (const piece of pieces) this.#put(piece)
    const holes = this.#holes.length / 2 - before.holes
    this.#edits.push(at, remove, this.#fixed - before.fixed, before.holes, holes)
  }

  end(): Template {
    this.#push(this.#text.subarray(this.#at))
    return new Template({
      text: this.#text,
      fixed: Buffer.concat(this.#runs, this.#fixed),
      holes: Int32Array.from(this.#holes),
      channels: this.#channels,
      edits: Int32Array.from(this.#edits),
    })
  }

  #put(piece: Piece): void {
    if (typeof piece === 'string') this.#push(Buffer.from(piece))
    else this.#holes.push(this.#fixed, this.#kindOf(piece))
  }

  #kindOf(hole: Hole): number {
    switch (hole.hole) {
      case 'one':
        return ONE_HOLE
      case 'list':
        return LIST_HOLE
      case 'channel':
        return FIRST_CHANNEL_HOLE + this.#channels.push(hole.name) - 1
    }
  }

  #push(run: Buffer): void {
    this.#runs.push(run)
    this.#fixed += run.length
  }
}
