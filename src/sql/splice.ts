import { serverChannel } from './channel-name.js'
import { byteOffset, characterPosition } from './position.js'
import type { Edit, Hole, Piece } from './scope/edit.js'

/** A part of the scoped text: bytes that are the same for every tenant, or a hole. */
type Part = Buffer | Hole

/** Scoped text with the tenant left open, and where its bytes came from. */
export interface Template {
  /** The text with the holes filled: `one` at stamps, plain pins and in channels, `list` inside array literals. */
  fill(one: string, list: string): Buffer
  /** Where a byte of the original text stands in the filled one; null if it was replaced. */
  scopedOffset(filled: { readonly one: string; readonly list: string }, offset: number): number | null
  /**
   * The character of the original text for a character of the filled one; inserted text stands for what follows it.
   *
   * Units    1-based characters
   */
  originalPosition(filled: { readonly one: string; readonly list: string }, position: number): number
}

/** Applies edits to a text: those at one offset in the order they were made. */
export function splice(text: Buffer, edits: readonly Edit[]): Template {
  const ordered = [...edits].sort((a, b) => a.at - b.at)
  const parts = partsOf(text, ordered)
  const fill = (one: string, list: string): Buffer =>
    Buffer.concat(
      parts.map((part) => (Buffer.isBuffer(part) ? part : Buffer.from(filling(part, { one, list })))),
    )
  return {
    fill,
    scopedOffset: (filled, offset) => scopedOffset(ordered, filled, offset),
    originalPosition({ one, list }, position) {
      const scoped = byteOffset(fill(one, list), position)
      return characterPosition(text, originalOffset(ordered, { one, list }, scoped))
    },
  }
}

function partsOf(text: Buffer, edits: readonly Edit[]): readonly Part[] {
  const parts: Part[] = []
  let pending: Buffer[] = []
  const flush = (): void => {
    if (pending.length > 0) parts.push(Buffer.concat(pending))
    pending = []
  }
  let at = 0
  for (const edit of edits) {
    pending.push(text.subarray(at, edit.at))
    at = edit.at + edit.remove
    for (const piece of edit.pieces) {
      if (typeof piece === 'string') pending.push(Buffer.from(piece))
      else {
        flush()
        parts.push(piece)
      }
    }
  }
  pending.push(text.subarray(at))
  flush()
  return parts
}

function scopedOffset(
  edits: readonly Edit[],
  fillings: { readonly one: string; readonly list: string },
  offset: number,
): number | null {
  let shift = 0
  for (const edit of edits) {
    if (edit.at > offset) break
    if (offset < edit.at + edit.remove) return null
    shift += edit.pieces.reduce((sum, piece) => sum + pieceLength(piece, fillings), 0) - edit.remove
  }
  return offset + shift
}

function originalOffset(
  edits: readonly Edit[],
  fillings: { readonly one: string; readonly list: string },
  scoped: number,
): number {
  let shift = 0
  for (const edit of edits) {
    const start = edit.at + shift
    if (scoped < start) break
    const length = edit.pieces.reduce((sum, piece) => sum + pieceLength(piece, fillings), 0)
    if (scoped < start + length) return edit.at + edit.remove
    shift += length - edit.remove
  }
  return scoped - shift
}

function pieceLength(piece: Piece, fillings: { readonly one: string; readonly list: string }): number {
  return Buffer.byteLength(typeof piece === 'string' ? piece : filling(piece, fillings))
}

function filling(hole: Hole, { one, list }: { readonly one: string; readonly list: string }): string {
  switch (hole.hole) {
    case 'one':
      return one
    case 'list':
      return list
    case 'channel':
      return serverChannel(one, hole.name)
  }
}
