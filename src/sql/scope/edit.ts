/**
 * Where the tenant goes: the one tenant of a stamp or plain pin, the list inside an array literal, or a channel of the
 * client's under the name that the server has for it.
 */
export type Hole = { readonly hole: 'one' | 'list' } | { readonly hole: 'channel'; readonly name: string }
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
