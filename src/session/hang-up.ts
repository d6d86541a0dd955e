import type { Socket } from 'node:net'

const FAREWELL_MS = 5_000

/** Ends a client's connection once what is written has left; one that doesn't take the hint is cut off. */
export function hangUp(socket: Socket): void {
  const limit = setTimeout(() => socket.destroy(), FAREWELL_MS)
  limit.unref()
  socket.once('close', () => clearTimeout(limit))
  socket.end()
  // a socket that is paused never notices that the other side has gone
  socket.resume()
}
