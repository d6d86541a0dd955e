import type { Socket } from 'node:net'
import type { GatewayError } from '../core/errors.js'
import { frameView } from '../wire/frame.js'
import { FrameDecoder } from '../wire/frame-decoder.js'
import { STARTUP_FRAMES } from '../wire/frame-table.js'
import { ErrorResponse } from '../wire/messages/error-response.js'
import { decodeStartupPacket } from '../wire/startup-packet.js'

/** From the connection to the startup packet, and again for the client to take the answer. */
const STARTUP_LIMIT_MS = 5_000

/**
 * Tells a client why it isn't let in, and hangs up.
 *
 * The answer waits for the startup packet: drivers don't look for one before they have sent it.
 * `onCancelRequest` gets the connection instead if it turns out to be a cancel request, its bytes unread.
 */
export function refuseConnection(socket: Socket, error: GatewayError, onCancelRequest: () => void): void {
  const decoder = new FrameDecoder(STARTUP_FRAMES)
  const limit = setTimeout(() => socket.destroy(), STARTUP_LIMIT_MS)
  socket.once('close', () => clearTimeout(limit))
  socket.on('data', onData)

  function onData(chunk: Buffer): void {
    decoder.feed(chunk)
    try {
      if (decoder.next() === 'frame') answer()
    } catch {
      socket.destroy()
    }
  }

  function answer(): void {
    const packet = decodeStartupPacket(decoder)
    socket.off('data', onData)
    if (packet.kind === 'cancel-request') handOver()
    else socket.resume().end(encodeRefusal(error))
  }

  function handOver(): void {
    clearTimeout(limit)
    socket.pause()
    socket.unshift(Buffer.from(frameView(decoder)))
    onCancelRequest()
    socket.resume()
  }
}

/** An ErrorResponse for a client that is told nothing else. */
export function encodeRefusal(error: GatewayError): Buffer {
  return ErrorResponse.encode({
    fields: new Map([
      ['S', error.severity],
      ['V', error.severity],
      ['C', error.sqlstate],
      ['M', error.message],
    ]),
  })
}
