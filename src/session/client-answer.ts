import type { FrameDecoder } from '../wire/frame-decoder.js'
import { ClientLeft, type FrameReader } from './frame-reader.js'

const TERMINATE = 'X'.charCodeAt(0)

/** What a client says to a question of the login. Rejects with ClientLeft where it says goodbye. */
export async function answer(reader: FrameReader): Promise<FrameDecoder> {
  const frame = await reader.next()
  if (frame.type === TERMINATE) throw new ClientLeft()
  return frame
}
