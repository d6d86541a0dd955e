/** Where the tenant's id goes: the one tenant of a stamp or plain pin, or the list inside an array literal. */
export type Hole = { readonly hole: 'one' | 'list' }
export type Piece = string | Hole

/** A change of the client's text; offsets and lengths in bytes. Edits at one offset apply in the order they were made. */
export interface Edit {
  readonly at: number
  readonly remove: number
  readonly pieces: readonly Piece[]
}

export const ONE: Hole = { hole: 'one' }
export const LIST: Hole = { hole: 'list' }

export function insert(at: number, ...pieces: Piece[]): Edit {
  return { at, remove: 0, pieces }
}

export function replace(from: number, to: number, ...pieces: Piece[]): Edit {
  return { at: from, remove: to - from, pieces }
}
