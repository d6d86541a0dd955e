import { invariant } from '../core/invariant.js'
import type { Spots } from './lifted-literals.js'
import { INTS_PER_EDIT, type TemplateData } from './template.js'

interface Literals {
  readonly text: Buffer
  readonly spots: Spots
}

/** The template of a text that differs in these literals from the one that the template was made of. */
export function withSpots(data: TemplateData, own: Spots, other: Literals): TemplateData {
  const { holes, edits, channels } = data
  invariant(channels.length === 0 && own.length === other.spots.length, 'texts of one shape')
  const inText = shiftsOf(own, own, other.spots)
  const fixedSpots = fixedSpotsOf(data, own)
  const inFixed = shiftsOf(fixedSpots, own, other.spots)
  return {
    text: other.text,
    fixed: replaced(data.fixed, fixedSpots, other),
    holes: holes.map((value, i) => (i % 2 === 0 ? shifted(value, inFixed) : value)),
    channels,
    edits: edits.map((value, i) => (i % INTS_PER_EDIT === 0 ? shifted(value, inText) : value)),
  }
}

/** How far what stands behind an offset moves. */
interface Shift {
  readonly behind: number
  readonly by: number
}

function shiftsOf(at: Spots, own: Spots, other: Spots): readonly Shift[] {
  const shifts: Shift[] = []
  for (let i = 0; i < own.length; i += 2) {
    const length = (spots: Spots) => (spots[i + 1] ?? 0) - (spots[i] ?? 0)
    shifts.push({ behind: at[i] ?? 0, by: length(other) - length(own) })
  }
  return shifts
}

function shifted(offset: number, shifts: readonly Shift[]): number {
  let moved = offset
  for (const { behind, by } of shifts) if (offset > behind) moved += by
  return moved
}

function fixedSpotsOf(data: TemplateData, own: Spots): Spots {
  const fixed: number[] = []
  for (let i = 0; i < own.length; i += 2) {
    const [start, end] = [own[i] ?? 0, own[i + 1] ?? 0]
    const at = fixedOffset(data, start)
    fixed.push(at, at + end - start)
  }
  return fixed
}

/** Where a byte of the text that no edit removes stands in what is fixed; what is put in front of it is in front of it there. */
function fixedOffset({ edits }: TemplateData, offset: number): number {
  let moved = offset
  for (let i = 0; i < edits.length; i += INTS_PER_EDIT) {
    if ((edits[i] ?? 0) > offset) break
    moved += (edits[i + 2] ?? 0) - (edits[i + 1] ?? 0)
  }
  return moved
}

function replaced(fixed: Buffer, at: Spots, { text, spots }: Literals): Buffer {
  const pieces: Buffer[] = []
  let from = 0
  for (let i = 0; i < spots.length; i += 2) {
    pieces.push(fixed.subarray(from, at[i]), text.subarray(spots[i], spots[i + 1]))
    from = at[i + 1] ?? 0
  }
  return Buffer.concat([...pieces, fixed.subarray(from)])
}
