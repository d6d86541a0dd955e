/**
 * One whole message where it lies: header included, in a buffer that may hold others.
 *
 * FrameDecoder has this shape itself, so that looking at the current frame allocates nothing.
 *
 * Wire     Byte1 type · Int32 length, counting itself · body      (startup packets have no type byte)
 */
export interface Frame {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

/** Type byte and length. */
export const HEADER_BYTES = 5
/** The length field, which counts itself. */
export const LENGTH_BYTES = 4

/** The frame as a buffer of its own: a view, not a copy, valid as long as anyone holds it. */
export function frameView(frame: Frame): Buffer {
  return frame.bytes.subarray(frame.start, frame.end)
}

/** A buffer that holds exactly one frame. */
export function frameOf(bytes: Buffer): Frame {
  return { bytes, start: 0, end: bytes.length }
}
